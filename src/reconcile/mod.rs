//! # Reconcile
