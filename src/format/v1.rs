//! Version 1 of the document: what each key means, both ways.

mod holders;
mod options;
mod roles;
mod schema;
mod workspace;

pub(super) use self::holders::{read_mapping, write_mapping};
pub(super) use self::roles::{
    read_field_rule, read_object_rule, read_role, write_field_rule, write_object_rule, write_role,
};
pub(super) use self::schema::{
    read_field, read_object, read_permission, read_schema, write_field, write_object,
    write_permission, write_schema,
};
pub(super) use self::workspace::{read, write};
