//! How much processor time does something take?
//!
//! The time of the thread, not of the wall: what else runs on the machine then costs a contestant its turn, and not
//! its figure.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Does something and says how long the current thread worked on it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = now();
    let done = work();
    (done, now().saturating_sub(start))
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.cast_unsigned(),
        time.tv_nsec.try_into().expect("less than a second"),
    )
}
