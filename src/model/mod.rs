//! Plain values and arithmetic: entities, facts, claims, quantities, periods, the vocabulary. No input or output.

mod claim;
mod conversion;
mod dataset;
mod decision;
mod diagram;
mod entity;
mod fact;
pub mod ftm;
mod id;
mod mapping;
mod name;
mod near;
pub mod period;
pub mod quantity;
mod question_words;
mod text;
mod vocabulary;

pub use claim::*;
pub use conversion::*;
pub use dataset::*;
pub use decision::*;
pub use diagram::*;
pub use entity::*;
pub use fact::*;
pub use id::*;
pub use mapping::*;
pub use name::*;
pub use near::nearest;
pub use period::{Aspect, Certainty, Period, PeriodError, PeriodErrorKind, SortKey, during};
pub use quantity::{
    Amount, Bound, Hedge, Interval, Quantity, QuantityError, QuantityErrorKind, Terms, TermsError, Unit, UnitIx,
    Verdict,
};
pub use question_words::*;
pub use text::*;
pub use vocabulary::*;
