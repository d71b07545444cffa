//! What every table's definition needs: columns in order, foreign keys to a table's `id`, and indexes.

use sea_orm_migration::prelude::*;

/// `CREATE TABLE name (columns…, foreign keys…)`; `references` are pairs of a column and the table whose `id` it holds.
pub fn create<const C: usize, const R: usize>(
    name: &'static str,
    columns: [ColumnDef; C],
    references: [(&'static str, &'static str); R],
) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    for (column, target) in references {
        table.foreign_key(ForeignKey::create().from(name, column).to(target, "id"));
    }
    table
}

/// A unique index over `columns`.
pub fn unique<const C: usize>(
    name: &'static str,
    table: &'static str,
    columns: [&'static str; C],
) -> IndexCreateStatement {
    let mut index = plain(name, table, columns);
    index.unique();
    index
}

/// An index over `columns`.
pub fn plain<const C: usize>(
    name: &'static str,
    table: &'static str,
    columns: [&'static str; C],
) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(column);
    }
    index
}
