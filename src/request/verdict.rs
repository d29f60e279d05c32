//! The verdict on a whole request: the answer, the part that stays allowed, and the list of what is denied.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::policy::access::Access;
use crate::request::denial::{DeniedPart, RequestDenied};
use crate::request::requirement::{PartAnswer, RequestTarget, Requirement};
use crate::request::usage::Usage;
use crate::request::{Read, Write};

impl Access<'_> {
    /// Checks a query.
    ///
    /// It needs See on the records of each object that it reaches, and See on every field that it uses in any way (L35).
    ///
    /// Pass the request by reference, or by value if the verdict is to live longer than your variable. The check allocates
    /// nothing. Only the denials do, when you ask for them.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use rolegate::request::Read;
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let read = Read::new("people").select(["name", "address", "company.name"]).sort(["name"]);
    /// let verdict = tim.check_read(&read);
    /// assert!(!verdict.is_allowed()); // tim may not see addresses
    /// assert!(verdict.trimmed_select()?.eq(["name", "company.name"])); // he may see the rest
    /// assert!(verdict.denials().map(|denied| denied.name().to_string()).eq(["address"]));
    ///
    /// // The people that such a query finds reveal their addresses. Trimming cannot help.
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

    /// Checks a write (L36).
    ///
    /// The check allocates nothing. Only the denials do, when you ask for them.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use rolegate::request::Write;
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// assert!(tim.check_write(Write::update("people").fields(["name"])).is_allowed());
    /// assert!(!tim.check_write(Write::update("people").fields(["name", "email"])).is_allowed());
    /// assert!(!tim.check_write(Write::delete("people")).is_allowed());
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn check_write<'a, 'r>(
        &'a self,
        write: impl Into<Cow<'r, Write<'r>>>,
    ) -> WriteVerdict<'a, 'r> {
        WriteVerdict::new(self, write.into())
    }

    /// Checks a patch of existing records, given the keys that it sets.
    ///
    /// This is [`check_write`](Access::check_write) for an update that sets these fields. You take the keys from a merge
    /// patch. For a JSON Patch, take the first segment of each path. [`FieldNames::of`](crate::request::FieldNames::of)
    /// gives you the keys of any value that serializes.
    ///
    /// If you would rather drop the refused fields, as an importer does, ask for [`kept_fields`](WriteVerdict::kept_fields).
    ///
    /// # Examples
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

/// The verdict on a [`Read`]; see [`Access::check_read`].
#[must_use = "a verdict stops nothing by itself; look at it"]
#[derive(Debug, Clone)]
pub struct ReadVerdict<'a, 'r> {
    access: &'a Access<'a>,
    read: Cow<'r, Read<'r>>,
    /// `true` if the whole select list is allowed.
    is_selected: bool,
    /// `true` if everything except the select list is allowed.
    is_usable: bool,
}

impl<'r> ReadVerdict<'_, 'r> {
    /// Tells if you may run the query as it is. Then every part of it is allowed (L38).
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.is_usable && self.is_selected
    }

    /// The answer to each part of the query: the records, the permission for an export, and each use of each field.
    ///
    /// They come in the order of the request.
    ///
    /// # Examples
    ///
    /// A report page can mark the columns that the user may not see:
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Principal, request};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let read = request::Read::new("people").select(["name", "address"]);
    /// let verdict = tim.check_read(&read);
    /// let answers = verdict.answers().map(|answer| (answer.usage.as_str(), answer.name, answer.is_allowed));
    /// assert!(answers.eq([
    ///     ("records", "people", true),
    ///     ("select", "name", true),
    ///     ("select", "address", false),
    /// ]));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn answers(&self) -> impl Iterator<Item = PartAnswer<'_>> {
        let asked = self.asked();
        self.read
            .requirements()
            .map(move |requirement| asked.answer(&requirement))
    }

    /// The visible part of the select list, in its order (L38).
    ///
    /// Replace the select list by it, and you may run the query. To learn what was dropped, ask for the
    /// [`denials`](ReadVerdict::denials).
    ///
    /// The list can be empty. Then the query selects nothing. Never read an empty list as *all columns*.
    ///
    /// # Errors
    ///
    /// If something other than the select list is denied. You can leave out nothing else (L35). The error lists these
    /// denials.
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

    /// Everything that is denied, in the order of the request. There is nothing if the query is allowed.
    pub fn denials(&self) -> impl Iterator<Item = DeniedPart> {
        let asked = self.asked();
        self.read
            .requirements()
            .flat_map(move |requirement| asked.denials(&requirement))
    }

    /// Requires that you may run the query as it is. Use it with `?`.
    ///
    /// # Errors
    ///
    /// If a part of the query is denied. The error lists all denials.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Access, Principal, RequestDenied, request};
    ///
    /// fn list_people(access: &Access<'_>) -> Result<&'static str, RequestDenied> {
    ///     let read = request::Read::new("people").select(["name", "email"]).sort(["name"]);
    ///     access.check_read(&read).require()?;
    ///     Ok("select name, email from people order by name")
    /// }
    ///
    /// assert!(list_people(&policy.access(&Principal::member("tim"))).is_ok());
    /// assert!(list_people(&policy.access(&Principal::agent("idle"))).is_err());
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
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

/// The verdict on a [`Write`]; see [`Access::check_write`] and [`Access::check_patch`].
#[must_use = "a verdict stops nothing by itself; look at it"]
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

    /// Tells if you may carry out the write as it is. Then every part of it is allowed (L38).
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// The answer to each part of the write: the records, the permission for an import, each field that it sets, and each
    /// field that it returns.
    ///
    /// They come in the order of the request.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Action, Principal, request};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let create = request::Write::create("people").fields(["name", "email"]);
    /// let verdict = tim.check_write(&create);
    /// let answers = verdict.answers().map(|answer| (answer.name, answer.action, answer.is_allowed));
    /// assert!(answers.eq([
    ///     ("people", Some(Action::Edit), true), // the record
    ///     ("name", Some(Action::Edit), true),
    ///     ("email", Some(Action::Edit), false),
    /// ]));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn answers(&self) -> impl Iterator<Item = PartAnswer<'_>> {
        let asked = self.asked();
        self.write
            .requirements()
            .map(move |requirement| asked.answer(&requirement))
    }

    /// The fields that the principal may set, in their order: for importers that drop the rest.
    ///
    /// Set only these fields, and you may carry out the write. To learn what was dropped, ask for the
    /// [`denials`](WriteVerdict::denials). The list can be empty. Then there is nothing to set.
    ///
    /// # Errors
    ///
    /// - If something other than a field that it sets is denied. You can drop nothing else.
    /// - If every field is dropped and the write without fields is denied. An update without fields needs Edit on the record
    ///   (L36).
    ///
    /// The error lists these denials.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Principal, request};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let row = request::Write::create("people").fields(["name", "email"]);
    /// assert!(tim.check_write(&row).kept_fields()?.eq(["name"]));
    ///
    /// // Tim may not create companies at all. To drop fields does not help.
    /// let row = request::Write::create("companies").fields(["name"]);
    /// assert!(tim.check_write(&row).kept_fields().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Everything that is denied, in the order of the request. There is nothing if the write is allowed.
    pub fn denials(&self) -> impl Iterator<Item = DeniedPart> {
        let asked = self.asked();
        self.write
            .requirements()
            .flat_map(move |requirement| asked.denials(&requirement))
    }

    /// Requires that you may carry out the write as it is. Use it with `?`.
    ///
    /// # Errors
    ///
    /// If a part of the write is denied. The error lists all denials.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Principal, request};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let update = request::Write::update("people").fields(["name"]).returning(["name", "address"]);
    /// let denied = tim.check_write(&update).require().unwrap_err();
    /// assert_eq!(denied.denials().len(), 1);
    /// assert_eq!(denied.denials()[0].name(), "address"); // he may set the name, but not see the address
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
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

/// The names that a request uses in one way, without the denied ones.
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
fn kept(names: Vec<Cow<'_, str>>, is_kept: Vec<bool>) -> Vec<Cow<'_, str>> {
    let names = names.into_iter().zip(is_kept);
    names
        .filter_map(|(name, is_kept)| is_kept.then_some(name))
        .collect()
}
