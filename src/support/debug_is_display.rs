//! Errors that print their sentence wherever they are printed.

/// Lets `Debug` of an error be its sentence: a `main` that returns the error prints it by `Debug`.
macro_rules! debug_is_display {
    ($($error:ty),+ $(,)?) => {
        $(impl core::fmt::Debug for $error {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        })+
    };
}

pub(crate) use debug_is_display;
