//! One line of the table: what was measured, beside its limit.

/// Which way a figure should go.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

/// A figure, its unit, and what it should be.
pub(crate) struct Row {
    pub(crate) work: &'static str,
    pub(crate) figure: f64,
    pub(crate) unit: &'static str,
    pub(crate) limit: Limit,
    /// What it was made of, such as the rates of a ratio.
    pub(crate) ground: String,
}

impl Row {
    fn is_reached(&self) -> bool {
        match self.limit {
            Limit::AtLeast(limit) => self.figure >= limit,
            Limit::AtMost(limit) => self.figure <= limit,
        }
    }

    /// As a row of a table in Markdown.
    pub(crate) fn print(&self) {
        let Self { work, figure, unit, ground, .. } = self;
        let limit = match self.limit {
            Limit::AtLeast(limit) => format!("≥ {limit}"),
            Limit::AtMost(limit) => format!("≤ {limit}"),
        };
        let verdict = if self.is_reached() { "yes" } else { "no" };
        println!(
            "| {work} | {} {unit} | {limit} {unit} | {verdict} | {ground} |",
            rounded(*figure)
        );
    }
}

/// With three digits that count.
pub(crate) fn rounded(figure: f64) -> String {
    match figure.abs() {
        large if large >= 100.0 => format!("{figure:.0}"),
        middle if middle >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// The middle one; of an even number the lower of the two.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}
