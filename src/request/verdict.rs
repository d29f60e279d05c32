//! Whether a whole request is allowed, what is left of it when trimmed, and everything that is denied.

use alloc::borrow::Cow;

use crate::access::Access;
use crate::request::denial::{Denial, RequestDenied};
use crate::request::part::{Answer, Asked, Part, Use};
use crate::request::{Read, Write};

impl Access<'_> {
    /// Whether a query may be run: See on the record of each object that it reaches, and See on every field that it uses in
    /// any way (L35).
    ///
    /// It allocates nothing; only the denials do, if there are some and they are asked for.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Principal, Read};
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
    pub fn check_read<'a>(&'a self, read: &'a Read<'a>) -> ReadVerdict<'a> {
        let asked = Asked::new(self, read.object());
        let mut is_selected = true;
        let mut is_usable = true;
        for part in read.parts() {
            if !asked.allows(&part) {
                match part.usage {
                    Use::Select => is_selected = false,
                    _ => is_usable = false,
                }
            }
        }
        ReadVerdict {
            asked,
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
    /// use rolegate::{Principal, Write};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// assert!(tim.check_write(&Write::update("people").fields(["name"])).is_allowed());
    /// assert!(!tim.check_write(&Write::update("people").fields(["name", "email"])).is_allowed());
    /// assert!(!tim.check_write(&Write::delete("people")).is_allowed());
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn check_write<'a>(&'a self, write: &'a Write<'a>) -> WriteVerdict<'a> {
        WriteVerdict::new(self, Cow::Borrowed(write))
    }

    /// Whether a patch may be applied to existing records: [`check_write`](Access::check_write) of an update of those keys.
    ///
    /// The keys are those of a merge patch, or of any value by [`Keys::of`](crate::Keys::of).
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Keys, Principal};
    ///
    /// let patch = serde_json::json!({ "name": "Tim", "email": "tim@example.com", "phone": "0" });
    /// let keys = Keys::of(&patch)?;
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
    pub fn check_patch<'a, K: Into<Cow<'a, str>>>(
        &'a self,
        object: impl Into<Cow<'a, str>>,
        keys: impl IntoIterator<Item = K>,
    ) -> WriteVerdict<'a> {
        WriteVerdict::new(self, Cow::Owned(Write::update(object).fields(keys)))
    }
}

/// The verdict on a [`Read`].
#[derive(Debug, Clone, Copy)]
pub struct ReadVerdict<'a> {
    asked: Asked<'a>,
    read: &'a Read<'a>,
    /// Whether all that is selected may be.
    is_selected: bool,
    /// Whether all else is allowed.
    is_usable: bool,
}

impl<'a> ReadVerdict<'a> {
    /// Whether the query may be run as it is: every part of it is allowed (L38).
    pub fn is_allowed(&self) -> bool {
        self.is_usable && self.is_selected
    }

    /// The answer to each part, in the order of the request: the records, the permission for an export, and each use of each
    /// field.
    pub fn answers(&self) -> impl Iterator<Item = Answer<'a>> + use<'a> {
        let asked = self.asked;
        self.read.parts().map(move |part| asked.answer(&part))
    }

    /// What is visible of the select list, in the order asked (L38): with it in place of the list, the query may be run.
    ///
    /// It can be empty. Then the query selects nothing: never read that as *all columns*.
    ///
    /// # Errors
    ///
    /// When anything but a selection is denied, since nothing else can be left out (L35): the error holds those denials. What
    /// was dropped from the select list is among the [`denials`](ReadVerdict::denials).
    pub fn trimmed_select(&self) -> Result<impl Iterator<Item = &'a str> + use<'a>, RequestDenied> {
        if !self.is_usable {
            let denials = self.denials();
            return Err(RequestDenied::new(
                denials.filter(|denial| denial.usage() != Use::Select),
            ));
        }
        Ok(allowed_names(self.asked, self.read.parts(), Use::Select))
    }

    /// Everything that is denied, in the order of the request; nothing if the verdict is yes.
    pub fn denials(&self) -> impl Iterator<Item = Denial> + use<'a> {
        let asked = self.asked;
        self.read.parts().flat_map(move |part| asked.denials(&part))
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
}

/// The verdict on a [`Write`].
#[derive(Debug, Clone)]
pub struct WriteVerdict<'a> {
    access: &'a Access<'a>,
    write: Cow<'a, Write<'a>>,
    is_allowed: bool,
}

impl<'a> WriteVerdict<'a> {
    fn new(access: &'a Access<'a>, write: Cow<'a, Write<'a>>) -> Self {
        let asked = Asked::new(access, write.object());
        let is_allowed = write.parts().all(|part| asked.allows(&part));
        Self {
            access,
            write,
            is_allowed,
        }
    }

    /// Whether the write may be carried out as it is: every part of it is allowed (L38).
    pub fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// The answer to each part, in the order of the request: the records, the permission for an import, each field that is
    /// written, and each that is returned.
    pub fn answers(&self) -> impl Iterator<Item = Answer<'_>> {
        let asked = self.asked();
        self.write.parts().map(move |part| asked.answer(&part))
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
        let asked = self.asked();
        let kept = || allowed_names(asked, self.write.parts(), Use::Write);
        let parts = || {
            let parts = self.write.parts_with(kept().next().is_some());
            parts.filter(|part| part.usage != Use::Write)
        };
        if parts().all(|part| asked.allows(&part)) {
            Ok(kept())
        } else {
            Err(RequestDenied::new(
                parts().flat_map(move |part| asked.denials(&part)),
            ))
        }
    }

    /// Everything that is denied, in the order of the request; nothing if the verdict is yes.
    pub fn denials(&self) -> impl Iterator<Item = Denial> {
        let asked = self.asked();
        self.write
            .parts()
            .flat_map(move |part| asked.denials(&part))
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

    fn asked(&self) -> Asked<'_> {
        Asked::new(self.access, self.write.object())
    }
}

/// The names that are used in that way and may be.
fn allowed_names<'a>(
    asked: Asked<'a>,
    parts: impl Iterator<Item = Part<'a>>,
    usage: Use,
) -> impl Iterator<Item = &'a str> {
    parts
        .filter(move |part| part.usage == usage)
        .map(move |part| asked.answer(&part))
        .filter(|answer| answer.is_allowed)
        .map(|answer| answer.name)
}
