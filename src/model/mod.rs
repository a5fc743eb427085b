//! # Model: the words of the newsroom as plain values
//!
//! Floor 0: no I/O, no clock, nothing from another room. A value that went through a constructor here is the proof
//! that it is well formed.

mod candidate;
mod clock;
mod date;
mod draft;
mod ids;
mod kind;
mod lang;
mod member;
mod release;
mod theme;

pub use candidate::{Candidate, SourceKind};
pub use clock::Clock;
pub use date::{BadDate, DateEvidence, DateRole, DateSource, DateValue, Precision};
pub use draft::{Attachment, Draft, Image, KindGuess, PageState, Warning};
pub use ids::{BadId, MemberId, ReleaseId, ThemeId};
pub use kind::{BadKind, Kind};
pub use lang::{BadLang, Lang};
pub use member::{Category, Cms, Host, LanguagePrefix, Member, Name, Rules};
pub use release::{Issuer, MemberRef, Place, PublicationRef, Release, ReleaseText, Tag, TagBy};
pub use theme::{Collection, Label, LabelKind, Theme, Vocabulary};
