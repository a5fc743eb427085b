//! The one integration-test binary: stories over the whole house, and the test that holds the floors.

mod floors;
