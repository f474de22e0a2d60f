//! Tests of whole parts from outside, in one binary so that they link once.

mod sandbox;
