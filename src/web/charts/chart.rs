//! A chart as numbers: what is drawn, listed as a table, and given to programs.

use serde_json::{Map, Value, json};

/// Which chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum ChartName {
    /// Open requests at the end of each week.
    Backlog,
    /// Requests that came and that ended, by week.
    Arrivals,
    /// Until a human first answered, by month.
    FirstReply,
    /// Until a request was closed, by month.
    Resolution,
    /// What requests are about.
    Reasons,
    /// How requests ended, by week.
    Endings,
    /// Steps of the ladder climbed, by week.
    Escalations,
    /// When the next step of those that wait is due.
    NearStep,
}

impl ChartName {
    /// Every chart, in the order of the page.
    pub(in crate::web) const ALL: [Self; 8] = [
        Self::Backlog,
        Self::Arrivals,
        Self::FirstReply,
        Self::Resolution,
        Self::Reasons,
        Self::Endings,
        Self::Escalations,
        Self::NearStep,
    ];

    /// Its name in addresses.
    pub(in crate::web) fn name(self) -> &'static str {
        match self {
            Self::Backlog => "backlog",
            Self::Arrivals => "arrivals",
            Self::FirstReply => "first-reply",
            Self::Resolution => "resolution",
            Self::Reasons => "reasons",
            Self::Endings => "endings",
            Self::Escalations => "escalations",
            Self::NearStep => "near-step",
        }
    }

    /// The chart of this name.
    pub(in crate::web) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// What stands above it.
    pub(in crate::web) fn title(self) -> &'static str {
        match self {
            Self::Backlog => "Open requests",
            Self::Arrivals => "Came and ended",
            Self::FirstReply => "Time to the first answer",
            Self::Resolution => "Time to the end",
            Self::Reasons => "Reasons",
            Self::Endings => "How requests ended",
            Self::Escalations => "Escalations",
            Self::NearStep => "Near their next step",
        }
    }

    /// What it counts, exactly.
    pub(in crate::web) fn about(self) -> &'static str {
        match self {
            Self::Backlog => "Open at the end of each week; the last week is not over.",
            Self::Arrivals => {
                "By week. A request that was opened again came twice; one that was deleted or moved away ended."
            }
            Self::FirstReply => {
                "Half of the requests were answered by a human within the first time, nine in ten within the second; by the month of the answer."
            }
            Self::Resolution => {
                "Half of the requests were closed within the first time, nine in ten within the second; by the month of closing."
            }
            Self::Reasons => {
                "Of the newest 500 requests, open and closed. One request can have several reasons."
            }
            Self::Endings => {
                "By week: solved by the person themselves, recovered by staff, closed for silence. Other endings are not counted here."
            }
            Self::Escalations => "Steps of the ladder that were climbed, by week.",
            Self::NearStep => {
                "Requests that wait for us, by when the next step of the ladder is due. Snoozed ones are left out."
            }
        }
    }

    /// How it is drawn.
    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Backlog => Shape::Area,
            Self::Arrivals => Shape::Bars,
            Self::FirstReply | Self::Resolution => Shape::Lines,
            Self::Reasons | Self::NearStep => Shape::Across,
            Self::Endings | Self::Escalations => Shape::Stack,
        }
    }

    /// What its numbers are.
    pub(super) fn unit(self) -> Unit {
        match self {
            Self::FirstReply | Self::Resolution => Unit::Hours,
            Self::Backlog
            | Self::Arrivals
            | Self::Reasons
            | Self::Endings
            | Self::Escalations
            | Self::NearStep => Unit::Count,
        }
    }
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One line with the area below it.
    Area,
    /// A line for each column.
    Lines,
    /// A bar for each column, side by side.
    Bars,
    /// A bar for all columns, on top of each other.
    Stack,
    /// A lying bar for each row.
    Across,
}

/// What numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// So many.
    Count,
    /// Whole hours.
    Hours,
}

/// One place on the lower axis, one row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// As the table says it.
    pub label: String,
    /// As the axis says it.
    pub short: String,
    /// A number for each column; none where there is none to tell.
    pub values: Vec<Option<u64>>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Chart {
    /// Which one.
    pub name: ChartName,
    /// What its rows are.
    pub(super) key: &'static str,
    /// What its numbers are.
    pub(super) columns: Vec<String>,
    /// So many columns are drawn; the others stand in the table.
    pub(super) drawn: usize,
    /// Its rows.
    pub(super) rows: Vec<Row>,
}

impl Chart {
    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        let drawn = self.rows.iter().flat_map(|row| row.values.iter().take(self.drawn));
        drawn.flatten().all(|value| *value == 0) && self.name.unit() == Unit::Count
            || self.rows.is_empty()
    }

    /// As spreadsheets read it.
    pub(super) fn csv(&self) -> String {
        let line = |cells: Vec<String>| format!("{}\r\n", cells.join(","));
        let heads = std::iter::once(self.key).chain(self.columns.iter().map(String::as_str));
        let mut csv = line(heads.map(cell).collect());
        for row in &self.rows {
            let values =
                row.values.iter().map(|value| value.map_or(String::new(), |it| it.to_string()));
            csv.push_str(&line(std::iter::once(cell(&row.label)).chain(values).collect()));
        }
        csv
    }

    /// As programs read it.
    pub(in crate::web) fn json(&self, repository: &str) -> Value {
        let row = |row: &Row| {
            let values = self.columns.iter().zip(&row.values);
            let values: Map<String, Value> =
                values.map(|(name, value)| (name.clone(), json!(value))).collect();
            json!({"label": row.label, "values": values})
        };
        let unit = match self.name.unit() {
            Unit::Count => "requests",
            Unit::Hours => "hours",
        };
        json!({
            "name": self.name.name(),
            "title": self.name.title(),
            "about": self.name.about(),
            "repository": repository,
            "unit": unit,
            "rows_are": self.key,
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }
}

/// A text as a cell. One that a spreadsheet would calculate is marked as text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_to_every_spreadsheet() {
        let rows = [
            ("week", "week"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "'=1+1"),
            ("@sum,x", "\"'@sum,x\""),
        ];
        for (text, wanted) in rows {
            assert_eq!(cell(text), wanted);
        }
    }
}
