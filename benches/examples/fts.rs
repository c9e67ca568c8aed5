use std::time::Instant;
use storage::{Db, Options, Sql, Target, params};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let db = Db::open(&Options::new(Target::Sqlite(path.into()))).unwrap();
    for q in [
        "\"زباله\"",
        "\"زباله\" AND \"_city1\"",
        "\"_city1\" AND \"زباله\"",
        "\"درخ\"*",
        "\"درخ\"* AND \"_city1\"",
        "\"کوچه\" AND \"2504\"",
        "\"کوچه\" AND \"2504\" AND \"_city1\"",
        "\"سگ\" AND \"پارک\"",
    ] {
        for (order, limit) in [("ORDER BY rowid DESC", 2000), ("ORDER BY rowid DESC", 30), ("", 2000)] {
            let sql = format!(
                "SELECT rowid FROM request_search WHERE request_search MATCH $1 AND rowid < $2 {order} LIMIT {limit}"
            );
            let mut best = f64::MAX;
            let mut n = 0;
            for _ in 0..5 {
                let sql = Sql::built(sql.clone());
                let t = Instant::now();
                n = db
                    .read_blocking(move |tx| tx.query(&sql, &params![q, i64::MAX], |r| r.get::<i64>(0)))
                    .unwrap()
                    .len();
                best = best.min(t.elapsed().as_secs_f64() * 1000.0);
            }
            println!("{q:<40} {order:<22} {limit:>5} {best:8.2} ms {n}");
        }
    }
    for sql in [
        "SELECT count(*) FROM request_search_data",
        "SELECT count(*) FROM request_search_idx",
        "SELECT length(block) FROM request_search_data WHERE id=10",
    ] {
        println!("{sql} {:?}", db.read_blocking(move |tx| tx.value::<i64>(&Sql::built(sql.into()), &[])));
    }
}
