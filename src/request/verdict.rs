//! Whether a whole request is allowed, what is left of it when trimmed, and everything that is denied.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::policy::access::Access;
use crate::request::denial::{DeniedPart, RequestDenied};
use crate::request::requirement::{PartAnswer, RequestTarget, Requirement};
use crate::request::usage::Usage;
use crate::request::{Read, Write};

impl Access<'_> {
    /// Whether a query may be run: See on the record of each object that it reaches, and See on every field that it uses in
    /// any way (L35).
    ///
    /// It allocates nothing; only the denials do, if there are some and they are asked for.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use rolegate::request::Read;
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let read = Read::new("people").select(["name", "address", "company.name"]).sort(["name"]);
    /// let verdict = tim.check_read(&read);
    /// assert!(!verdict.is_allowed()); // an address is hidden from tim
    /// assert!(verdict.trimmed_select()?.eq(["name", "company.name"])); // the rest is not
    ///
    /// // Addresses would show in which people are found: no trimming helps.
    /// let read = Read::new("people").select(["name"]).filter(["address"]);
    /// assert_eq!(
    ///     tim.check_read(&read).trimmed_select().err().map(|denied| denied.to_string()).as_deref(),
    ///     Some(
    ///         "cannot filter by `address`: `member:tim` may not `see` `people.address`: \
    ///          the field rule of role `Intern` for `people.address` denies `see`, although the baseline allows it",
    ///     ),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_read<'a, 'r>(&'a self, read: impl Into<Cow<'r, Read<'r>>>) -> ReadVerdict<'a, 'r> {
        let read = read.into();
        let asked = RequestTarget::new(self, read.object());
        let mut is_selected = true;
        let mut is_usable = true;
        for requirement in read.requirements() {
            if !asked.allows(&requirement) {
                match requirement.usage {
                    Usage::Select => is_selected = false,
                    _ => is_usable = false,
                }
            }
        }
        ReadVerdict {
            access: self,
            read,
            is_selected,
            is_usable,
        }
    }

    /// Whether a write may be carried out (L36).
    ///
    /// It allocates nothing; only the denials do, if there are some and they are asked for.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use rolegate::request::Write;
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// assert!(tim.check_write(&Write::update("people").fields(["name"])).is_allowed());
    /// assert!(!tim.check_write(&Write::update("people").fields(["name", "email"])).is_allowed());
    /// assert!(!tim.check_write(&Write::delete("people")).is_allowed());
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn check_write<'a, 'r>(
        &'a self,
        write: impl Into<Cow<'r, Write<'r>>>,
    ) -> WriteVerdict<'a, 'r> {
        WriteVerdict::new(self, write.into())
    }

    /// Whether a patch may be applied to existing records: [`check_write`](Access::check_write) of an update of those keys.
    ///
    /// The keys are those of a merge patch, or of any value by [`FieldNames::of`](crate::request::FieldNames::of); of a JSON Patch, the first
    /// segment of each path. An importer that would rather drop what is refused asks for the
    /// [`kept_fields`](WriteVerdict::kept_fields).
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use rolegate::request::FieldNames;
    ///
    /// let patch = serde_json::json!({ "name": "Tim", "email": "tim@example.com", "phone": "0" });
    /// let keys = FieldNames::of(&patch)?;
    /// let tim = policy.access(&Principal::member("tim"));
    /// let verdict = tim.check_patch("people", &keys);
    /// assert_eq!(verdict.require().err().map(|denied| denied.to_string()).as_deref(), Some("\
    /// cannot write `email`: `member:tim` may not `edit` `people.email`: the field rule of role `Intern` for `people.email` \
    /// denies `edit`, although the object rule allows it
    /// cannot write `phone`: `member:tim` may not `edit` `people.phone`: the field `phone` of `people` is unknown"));
    ///
    /// // An importer drops what is refused, and reports it.
    /// assert!(verdict.kept_fields()?.eq(["name"]));
    /// assert!(verdict.denials().map(|denial| denial.name().to_string()).eq(["email", "phone"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_patch<'a, 'r, K: Into<Cow<'r, str>>>(
        &'a self,
        object: impl Into<Cow<'r, str>>,
        keys: impl IntoIterator<Item = K>,
    ) -> WriteVerdict<'a, 'r> {
        WriteVerdict::new(self, Cow::Owned(Write::update(object).fields(keys)))
    }
}

/// The verdict on a [`Read`].
#[must_use = "a verdict that is not looked at stops nothing"]
#[derive(Debug, Clone)]
pub struct ReadVerdict<'a, 'r> {
    access: &'a Access<'a>,
    read: Cow<'r, Read<'r>>,
    /// Whether all that is selected may be.
    is_selected: bool,
    /// Whether all else is allowed.
    is_usable: bool,
}

impl<'r> ReadVerdict<'_, 'r> {
    /// Whether the query may be run as it is: every part of it is allowed (L38).
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.is_usable && self.is_selected
    }

    /// The answer to each requirement, in the order of the request: the records, the permission for an export, and each use of each
    /// field.
    pub fn answers(&self) -> impl Iterator<Item = PartAnswer<'_>> {
        let asked = self.asked();
        self.read
            .requirements()
            .map(move |requirement| asked.answer(&requirement))
    }

    /// What is visible of the select list, in the order asked (L38): with it in place of the list, the query may be run.
    ///
    /// It can be empty. Then the query selects nothing: never read that as *all columns*.
    ///
    /// # Errors
    ///
    /// When anything but a selection is denied, since nothing else can be left out (L35): the error holds those denials. What
    /// was dropped from the select list is among the [`denials`](ReadVerdict::denials).
    pub fn trimmed_select(&self) -> Result<impl Iterator<Item = &str>, RequestDenied> {
        self.require_usable()?;
        Ok(allowed_names(
            self.asked(),
            self.read.requirements(),
            Usage::Select,
        ))
    }

    /// As [`trimmed_select`](ReadVerdict::trimmed_select), for a list that outlives the verdict and the request.
    ///
    /// # Errors
    ///
    /// When anything but a selection is denied.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::borrow::Cow;
    ///
    /// use rolegate::{Policy, Principal, RequestDenied, request};
    ///
    /// /// The columns that a page may show.
    /// fn columns<'c>(policy: &Policy, columns: &[&'c str]) -> Result<Vec<Cow<'c, str>>, RequestDenied> {
    ///     let tim = policy.access(&Principal::member("tim"));
    ///     let read = request::Read::new("people").select(columns.iter().copied());
    ///     tim.check_read(read).into_trimmed_select()
    /// }
    ///
    /// let policy = rolegate::sample::workspace()?.compile();
    /// assert_eq!(columns(&policy, &["name", "address"])?, ["name"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_trimmed_select(self) -> Result<Vec<Cow<'r, str>>, RequestDenied> {
        self.require_usable()?;
        let is_kept = are_allowed(self.answers(), Usage::Select);
        Ok(kept(Read::into_select(self.read), is_kept))
    }

    /// Everything that is denied, in the order of the request; nothing if the verdict is yes.
    pub fn denials(&self) -> impl Iterator<Item = DeniedPart> {
        let asked = self.asked();
        self.read
            .requirements()
            .flat_map(move |requirement| asked.denials(&requirement))
    }

    /// Requires that the query may be run as it is, for use with `?`.
    ///
    /// # Errors
    ///
    /// When it may not: the error holds all denials.
    pub fn require(&self) -> Result<(), RequestDenied> {
        if self.is_allowed() {
            Ok(())
        } else {
            Err(RequestDenied::new(self.denials()))
        }
    }

    /// Requires all but the select list, which alone can be trimmed (L35).
    fn require_usable(&self) -> Result<(), RequestDenied> {
        if self.is_usable {
            return Ok(());
        }
        let denials = self.denials();
        Err(RequestDenied::new(
            denials.filter(|denial| denial.usage() != Usage::Select),
        ))
    }

    fn asked(&self) -> RequestTarget<'_> {
        RequestTarget::new(self.access, self.read.object())
    }
}

/// The verdict on a [`Write`].
#[must_use = "a verdict that is not looked at stops nothing"]
#[derive(Debug, Clone)]
pub struct WriteVerdict<'a, 'r> {
    access: &'a Access<'a>,
    write: Cow<'r, Write<'r>>,
    is_allowed: bool,
}

impl<'a, 'r> WriteVerdict<'a, 'r> {
    fn new(access: &'a Access<'a>, write: Cow<'r, Write<'r>>) -> Self {
        let asked = RequestTarget::new(access, write.object());
        let is_allowed = write
            .requirements()
            .all(|requirement| asked.allows(&requirement));
        Self {
            access,
            write,
            is_allowed,
        }
    }

    /// Whether the write may be carried out as it is: every part of it is allowed (L38).
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// The answer to each requirement, in the order of the request: the records, the permission for an import, each field that is
    /// written, and each that is returned.
    pub fn answers(&self) -> impl Iterator<Item = PartAnswer<'_>> {
        let asked = self.asked();
        self.write
            .requirements()
            .map(move |requirement| asked.answer(&requirement))
    }

    /// The fields that may be written, in the order given: with them in place of all, the write may be carried out.
    ///
    /// For importers. It can be empty: then there is nothing to write.
    ///
    /// # Errors
    ///
    /// When anything but a written field is denied, since nothing else can be dropped; also when all fields are dropped and
    /// an update without fields is denied (L36). The error holds those denials. What was dropped is among the
    /// [`denials`](WriteVerdict::denials).
    pub fn kept_fields(&self) -> Result<impl Iterator<Item = &str>, RequestDenied> {
        self.require_rest()?;
        Ok(self.kept())
    }

    /// As [`kept_fields`](WriteVerdict::kept_fields), for a list that outlives the verdict and the request.
    ///
    /// # Errors
    ///
    /// When anything but a written field is denied, or all fields are dropped and an update without fields is denied.
    pub fn into_kept_fields(self) -> Result<Vec<Cow<'r, str>>, RequestDenied> {
        self.require_rest()?;
        let is_kept = are_allowed(self.answers(), Usage::Write);
        Ok(kept(Write::into_fields(self.write), is_kept))
    }

    /// Everything that is denied, in the order of the request; nothing if the verdict is yes.
    pub fn denials(&self) -> impl Iterator<Item = DeniedPart> {
        let asked = self.asked();
        self.write
            .requirements()
            .flat_map(move |requirement| asked.denials(&requirement))
    }

    /// Requires that the write may be carried out as it is, for use with `?`.
    ///
    /// # Errors
    ///
    /// When it may not: the error holds all denials.
    pub fn require(&self) -> Result<(), RequestDenied> {
        if self.is_allowed() {
            Ok(())
        } else {
            Err(RequestDenied::new(self.denials()))
        }
    }

    /// The fields that may be written.
    fn kept(&self) -> impl Iterator<Item = &str> {
        allowed_names(self.asked(), self.write.requirements(), Usage::Write)
    }

    /// Requires what is needed if only those fields are written that may be.
    fn require_rest(&self) -> Result<(), RequestDenied> {
        let asked = self.asked();
        let requirements = || {
            let requirements = self.write.requirements_with(self.kept().next().is_some());
            requirements.filter(|requirement| requirement.usage != Usage::Write)
        };
        if requirements().all(|requirement| asked.allows(&requirement)) {
            return Ok(());
        }
        Err(RequestDenied::new(
            requirements().flat_map(move |requirement| asked.denials(&requirement)),
        ))
    }

    fn asked(&self) -> RequestTarget<'_> {
        RequestTarget::new(self.access, self.write.object())
    }
}

/// The names that are used in that way and may be.
fn allowed_names<'a>(
    asked: RequestTarget<'a>,
    parts: impl Iterator<Item = Requirement<'a>>,
    usage: Usage,
) -> impl Iterator<Item = &'a str> {
    parts
        .filter(move |requirement| requirement.usage == usage)
        .map(move |requirement| asked.answer(&requirement))
        .filter(|answer| answer.is_allowed)
        .map(|answer| answer.name)
}

/// For each name that is used in that way, in order, the answer.
fn are_allowed<'a>(answers: impl Iterator<Item = PartAnswer<'a>>, usage: Usage) -> Vec<bool> {
    let answers = answers.filter(|answer| answer.usage == usage);
    answers.map(|answer| answer.is_allowed).collect()
}

/// The names whose answer is yes.
fn kept<'r>(names: Vec<Cow<'r, str>>, is_kept: Vec<bool>) -> Vec<Cow<'r, str>> {
    let names = names.into_iter().zip(is_kept);
    names
        .filter_map(|(name, is_kept)| is_kept.then_some(name))
        .collect()
}
