//! Draws a chart as SVG: no script, no colour of its own (classes get theirs from the style sheet),
//! a title for those who do not see it.

use std::fmt::Write;

use super::chart::{Chart, Row, Shape, Unit};

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 552.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 200.0;
/// Height of a lying bar with its words.
const ACROSS: f64 = 46.0;
/// Words below the lower axis.
const LABELS_MAX: usize = 5;
/// Days are easier to read than many hours.
const DAYS_FROM_HOURS: u64 = 72;

/// How a column is marked.
const MARKS: [&str; 4] = ["one", "two", "three", "four"];

/// The class by which the style sheet colours a column.
pub(super) fn mark(column: usize) -> &'static str {
    MARKS[column.min(MARKS.len() - 1)]
}

/// The drawing.
pub(super) fn svg(chart: &Chart) -> String {
    let shape = chart.name.shape();
    let height = match shape {
        Shape::Across => ACROSS * chart.rows.len() as f64 + 4.0,
        Shape::Area | Shape::Lines | Shape::Bars | Shape::Stack => HEIGHT,
    };
    let (name, title) = (chart.name.name(), escaped(&summary(chart)));
    let mut svg = format!(
        "<svg class=\"drawing {name}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{name}-title\"><title id=\"{name}-title\">{title}</title>"
    );
    match shape {
        Shape::Across => across(&mut svg, chart),
        Shape::Area | Shape::Lines | Shape::Bars | Shape::Stack => {
            let plot = Plot::of(chart);
            plot.axes(&mut svg);
            match shape {
                Shape::Bars => plot.bars(&mut svg),
                Shape::Stack => plot.stack(&mut svg),
                Shape::Area => {
                    plot.area(&mut svg);
                    plot.line(&mut svg, 0);
                }
                Shape::Lines | Shape::Across => {
                    (0..chart.drawn).for_each(|column| plot.line(&mut svg, column));
                }
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

/// What the drawing tells, in a sentence.
fn summary(chart: &Chart) -> String {
    let title = chart.name.title();
    let told = match chart.name.shape() {
        Shape::Across => chart.rows.iter().max_by_key(|row| row.values.first().copied().flatten()),
        Shape::Area | Shape::Lines | Shape::Bars | Shape::Stack => chart.rows.last(),
    };
    match told {
        None => title.to_owned(),
        Some(row) => format!("{title}. {}. All numbers are in the table below.", words(chart, row)),
    }
}

/// `23 Nov 2026: came 3, ended 1`.
fn words(chart: &Chart, row: &Row) -> String {
    let value = |(name, value): (&String, &Option<u64>)| {
        Some(format!("{name} {}", amount(chart.name.unit(), (*value)?)))
    };
    let values: Vec<String> =
        chart.columns.iter().zip(&row.values).take(chart.drawn).filter_map(value).collect();
    format!("{}: {}", row.label, values.join(", "))
}

fn amount(unit: Unit, value: u64) -> String {
    match unit {
        Unit::Count => value.to_string(),
        Unit::Hours if value >= DAYS_FROM_HOURS => {
            format!("{} days", (value as f64 / 24.0).round())
        }
        Unit::Hours if value == 1 => "1 hour".to_owned(),
        Unit::Hours => format!("{value} hours"),
    }
}

/// A chart with its scale.
struct Plot<'a> {
    chart: &'a Chart,
    /// What stands at the top.
    most: u64,
    /// Between two lines.
    step: u64,
}

impl<'a> Plot<'a> {
    fn of(chart: &'a Chart) -> Self {
        let of_row = |row: &Row| {
            let values = row.values.iter().take(chart.drawn).flatten();
            match chart.name.shape() {
                Shape::Stack => values.sum::<u64>(),
                Shape::Area | Shape::Lines | Shape::Bars | Shape::Across => {
                    values.max().copied().unwrap_or(0)
                }
            }
        };
        let most = chart.rows.iter().map(of_row).max().unwrap_or(0).max(1);
        let grain =
            if chart.name.unit() == Unit::Hours && most >= DAYS_FROM_HOURS { 24 } else { 1 };
        let step = grain * round_step(most.div_ceil(grain).div_ceil(4));
        Self { chart, most: most.div_ceil(step) * step, step }
    }

    fn slot(&self) -> f64 {
        (RIGHT - LEFT) / self.chart.rows.len().max(1) as f64
    }

    /// The middle of a row's place.
    fn x(&self, row: usize) -> f64 {
        LEFT + self.slot() * (row as f64 + 0.5)
    }

    fn y(&self, value: u64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * value as f64 / self.most as f64
    }

    fn axes(&self, svg: &mut String) {
        for line in 0..=(self.most / self.step) {
            let (value, y) = (line * self.step, self.y(line * self.step));
            let words = match self.chart.name.unit() {
                Unit::Count => value.to_string(),
                Unit::Hours if self.step.is_multiple_of(24) => format!("{} d", value / 24),
                Unit::Hours => format!("{value} h"),
            };
            put(
                svg,
                format_args!(
                    "<line class=\"rule\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{words}</text>",
                    LEFT - 8.0,
                    y + 5.0
                ),
            );
        }
        let rows = &self.chart.rows;
        let every = rows.len().div_ceil(LABELS_MAX).max(1);
        for (index, row) in rows.iter().enumerate().skip(every / 2).step_by(every) {
            put(
                svg,
                format_args!(
                    "<text class=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    self.x(index).clamp(LEFT + 22.0, RIGHT - 26.0),
                    BOTTOM + 24.0,
                    escaped(&row.short)
                ),
            );
        }
    }

    fn rows(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.chart.rows.iter().enumerate()
    }

    fn bars(&self, svg: &mut String) {
        let width = self.slot() * 0.76 / self.chart.drawn.max(1) as f64;
        for (index, row) in self.rows() {
            for (column, value) in row.values.iter().take(self.chart.drawn).enumerate() {
                let left = self.x(index) - self.slot() * 0.38 + width * column as f64;
                self.bar(svg, (left, width, 0), (row, column, value.unwrap_or(0)));
            }
        }
    }

    fn stack(&self, svg: &mut String) {
        let width = self.slot() * 0.7;
        for (index, row) in self.rows() {
            let mut below = 0;
            for (column, value) in row.values.iter().take(self.chart.drawn).enumerate() {
                let value = value.unwrap_or(0);
                let left = self.x(index) - width / 2.0;
                self.bar(svg, (left, width, below), (row, column, value));
                below += value;
            }
        }
    }

    /// A bar that stands on what is below it.
    fn bar(
        &self,
        svg: &mut String,
        (left, width, below): (f64, f64, u64),
        (row, column, value): (&Row, usize, u64),
    ) {
        if value == 0 {
            return;
        }
        let (top, foot) = (self.y(below + value), self.y(below));
        put(
            svg,
            format_args!(
                "<rect class=\"fill {}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
                mark(column),
                foot - top,
                escaped(&words(self.chart, row))
            ),
        );
    }

    fn area(&self, svg: &mut String) {
        let Some(last) = self.chart.rows.len().checked_sub(1) else { return };
        let mut path = format!("M{:.1} {BOTTOM}", self.x(0));
        for (index, row) in self.rows() {
            let value = row.values.first().copied().flatten().unwrap_or(0);
            put(&mut path, format_args!("L{:.1} {:.1}", self.x(index), self.y(value)));
        }
        put(
            svg,
            format_args!("<path class=\"below\" d=\"{path}L{:.1} {BOTTOM}Z\"/>", self.x(last)),
        );
    }

    /// The line of a column, interrupted where there is nothing to tell, with a dot for each value
    /// while there are few.
    fn line(&self, svg: &mut String, column: usize) {
        let (mut path, mut dots, mut is_on) = (String::new(), String::new(), false);
        for (index, row) in self.rows() {
            let Some(value) = row.values.get(column).copied().flatten() else {
                is_on = false;
                continue;
            };
            let (x, y) = (self.x(index), self.y(value));
            put(&mut path, format_args!("{}{x:.1} {y:.1}", if is_on { 'L' } else { 'M' }));
            is_on = true;
            put(
                &mut dots,
                format_args!(
                    "<circle class=\"dot {}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"><title>{}</title></circle>",
                    mark(column),
                    escaped(&words(self.chart, row))
                ),
            );
        }
        put(svg, format_args!("<path class=\"line {}\" d=\"{path}\"/>", mark(column)));
        if self.chart.rows.len() <= 30 {
            svg.push_str(&dots);
        }
    }
}

/// Lying bars, each with its words above it.
fn across(svg: &mut String, chart: &Chart) {
    let values = chart.rows.iter().map(|row| row.values.first().copied().flatten().unwrap_or(0));
    let most = values.clone().max().unwrap_or(0).max(1);
    for (index, (row, value)) in chart.rows.iter().zip(values).enumerate() {
        let top = ACROSS * index as f64;
        let width = (WIDTH - 8.0) * value as f64 / most as f64;
        put(
            svg,
            format_args!(
                "<text x=\"2\" y=\"{y:.1}\">{label}</text><text class=\"end strong\" x=\"{end}\" y=\"{y:.1}\">{value}</text><rect class=\"track\" x=\"2\" y=\"{bar:.1}\" width=\"{track}\" height=\"12\" rx=\"6\"/>",
                y = top + 19.0,
                label = escaped(&row.short),
                end = WIDTH - 6.0,
                bar = top + 26.0,
                track = WIDTH - 8.0
            ),
        );
        if value > 0 {
            put(
                svg,
                format_args!(
                    "<rect class=\"fill one\" x=\"2\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" rx=\"6\"/>",
                    top + 26.0,
                    width.max(12.0)
                ),
            );
        }
    }
}

/// 1, 2 or 5 with noughts: the first that is not less.
fn round_step(least: u64) -> u64 {
    let mut ten = 1;
    loop {
        for digit in [1, 2, 5] {
            if digit * ten >= least {
                return digit * ten;
            }
        }
        ten *= 10;
    }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a string cannot fail");
}

/// A text that cannot end the element or attribute it stands in.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        let rows = [(0, 1), (1, 1), (3, 5), (6, 10), (11, 20), (480, 500), (501, 1_000)];
        for (least, wanted) in rows {
            assert_eq!(round_step(least), wanted, "{least}");
        }
    }
}
