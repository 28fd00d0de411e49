//! The columns of the register, in the sets that were published over the years.

use crate::model::normal_form;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Deal,
    Supplier,
    Recipient,
    /// Both: rows below a heading with the one name the other behind `S:`, `L:` or `R:`.
    Counterpart,
    Designation,
    Description,
    Category,
    OrderYear,
    Ordered,
    Delivered,
    DeliveryYears,
    Status,
    LocalProduction,
    Comments,
    /// Whether the column before it, or the one named, is uncertain or an estimate.
    FlagOf(Box<Column>),
    /// A column without a name of which nothing is known yet.
    Blank,
    /// Kept under this name.
    Other(String),
}

/// What a column of that name holds.
pub(super) fn column(name: &str) -> Column {
    let form = normal_form(name);
    match form.as_str() {
        "" => Column::Blank,
        "sipri at database id" | "at database id" | "database id" | "deal id" => Column::Deal,
        "supplier" | "suppliers" | "seller" | "exporter" | "supplier s" => Column::Supplier,
        "recipient" | "recipients" | "buyer" | "importer" | "recipient s" => Column::Recipient,
        "designation" | "weapon designation" | "no designation" => Column::Designation,
        "description" | "weapon description" => Column::Description,
        "armament category" | "weapon category" | "category" => Column::Category,
        "order date"
        | "order year"
        | "year of order"
        | "year s of order"
        | "years of order"
        | "year of order licence"
        | "year of order license"
        | "year s of order licence" => Column::OrderYear,
        "ordered" | "number ordered" | "numbers ordered" | "no ordered" => Column::Ordered,
        "numbers delivered"
        | "number delivered"
        | "no delivered"
        | "no delivered produced"
        | "number delivered produced"
        | "delivered"
        | "deliveries in year range" => Column::Delivered,
        "deliveries in the year range" => Column::Delivered,
        "delivery year"
        | "delivery years"
        | "year of delivery"
        | "years of delivery"
        | "year s of delivery"
        | "years of deliveries"
        | "year s of deliveries" => Column::DeliveryYears,
        "status" => Column::Status,
        "local production" => Column::LocalProduction,
        "comments" | "comment" => Column::Comments,
        "order date is estimate" => Column::FlagOf(Box::new(Column::OrderYear)),
        "numbers delivered is estimate" | "number delivered is estimate" => Column::FlagOf(Box::new(Column::Delivered)),
        "delivery year is estimate" => Column::FlagOf(Box::new(Column::DeliveryYears)),
        "sipri estimate" => Column::Other("sipriEstimate".to_owned()),
        "tiv deal unit" => Column::Other("tivDealUnit".to_owned()),
        "tiv delivery values" => Column::Other("tivDeliveryValues".to_owned()),
        "sipri tiv per unit" => Column::Other("tivPerUnit".to_owned()),
        "sipri tiv for total order" => Column::Other("tivTotalOrder".to_owned()),
        "sipri tiv of delivered weapons" => Column::Other("tivDelivered".to_owned()),
        both if both.contains("supplier") && both.contains("recipient") => Column::Counterpart,
        _ => Column::Other(name.trim().to_owned()),
    }
}

/// The columns of a header, if it is one of the register: it names a weapon and who is on one side at least.
pub(super) fn header(cells: &[&str]) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = cells.iter().map(|it| column(it)).collect();
    let has = |wanted: &Column| columns.contains(wanted);
    let known = columns.iter().filter(|it| !matches!(it, Column::Blank | Column::Other(_))).count();
    let side = has(&Column::Supplier) || has(&Column::Recipient) || has(&Column::Counterpart);
    if !side || !(has(&Column::Designation) || has(&Column::Description)) || known < 4 {
        return None;
    }
    // A column without a name holds the question marks of the one before it.
    for at in 1..columns.len() {
        let before = columns.get(at - 1).cloned();
        if let (
            Some(Column::Blank),
            Some(before @ (Column::OrderYear | Column::Ordered | Column::Delivered | Column::DeliveryYears)),
        ) = (columns.get(at), before)
            && let Some(this) = columns.get_mut(at)
        {
            *this = Column::FlagOf(Box::new(before));
        }
    }
    Some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_all_editions_are_known() {
        let old = [
            "Recipient",
            "Supplier",
            "Year of order",
            " ",
            "Number ordered",
            " ",
            "Weapon designation",
            "Weapon description",
            "Number delivered",
            " ",
            "Year(s) of delivery",
            "status",
            "Comments",
            "SIPRI TIV per unit",
        ];
        let columns = header(&old).unwrap();
        assert_eq!(columns[3], Column::FlagOf(Box::new(Column::OrderYear)));
        assert_eq!(columns[9], Column::FlagOf(Box::new(Column::Delivered)));
        let new = [
            "SIPRI AT Database ID",
            "Supplier",
            "Recipient",
            "Designation",
            "Description",
            "Armament category",
            "Order date",
            "Order date is estimate",
            "Numbers delivered",
            "Numbers delivered is estimate",
            "Delivery year",
            "Delivery year is estimate",
            "Status",
            "SIPRI estimate",
            "TIV deal unit",
            "TIV delivery values",
            "Local production",
        ];
        assert!(!header(&new).unwrap().contains(&Column::Blank));
        assert!(header(&new).unwrap().iter().filter(|it| matches!(it, Column::Other(_))).count() == 3);
        let oldest = [
            "Recipient/supplier (S) or licenser (L)",
            "No. ordered",
            "Weapon designation",
            "Weapon description",
            "Year of order/licence",
            "Year(s) of deliveries",
            "No. delivered/produced",
            "Comments",
        ];
        assert_eq!(header(&oldest).unwrap()[0], Column::Counterpart);
        for none in [&["Transfers of major conventional arms from All countries"][..], &["Supplier", "2022", "2023"]] {
            assert_eq!(header(none), None);
        }
    }
}
