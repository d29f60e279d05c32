//! A question as those take it that resolve names at check time.

use crate::workload::{Action, Question};

/// A question as a handler asks it: by names that it parsed from a request.
pub struct Names {
    pub member: String,
    pub action: Action,
    pub object: String,
    pub field: Option<String>,
}

impl From<&Question> for Names {
    fn from(question: &Question) -> Self {
        Self {
            member: question.member_name.clone(),
            action: question.action,
            object: question.object_name.clone(),
            field: question.field_name.clone(),
        }
    }
}
