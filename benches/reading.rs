//! How fast a request is read, and how fast it is decided upon: `cargo bench --bench reading`.

mod samples;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use keydesk::reading::form::{Form, split};
use keydesk::reading::read_request;
use samples::{decision_on_a_new_request, requests};

fn read_corpus(criterion: &mut Criterion) {
    let requests = requests();
    let form = Form::built_in();
    let mut group = criterion.benchmark_group("reading");
    let count = u64::try_from(requests.len()).expect("a corpus is countable");
    group.throughput(Throughput::Elements(count));
    group.bench_function("bodies of the corpus", |bencher| {
        bencher.iter(|| {
            for (title, body) in &requests {
                black_box(read_request(&form, title, body));
            }
        });
    });
    let bodies: Vec<String> = requests.iter().map(|(_, body)| body.replace("\r\n", "\n")).collect();
    group.bench_function("bodies taken apart", |bencher| {
        bencher.iter(|| {
            for body in &bodies {
                black_box(split(&form, body));
            }
        });
    });
    group.throughput(Throughput::Elements(1));
    let brackets = "[".repeat(65_536);
    group.bench_function("65,536 brackets", |bencher| {
        bencher.iter(|| black_box(read_request(&form, "", &brackets)));
    });
    group.finish();
}

fn decide_once(criterion: &mut Criterion) {
    let decide = decision_on_a_new_request();
    criterion.bench_function("decision on a new request", |bencher| {
        bencher.iter(|| black_box(decide()));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    read_corpus(&mut criterion);
    decide_once(&mut criterion);
    criterion.final_summary();
}
