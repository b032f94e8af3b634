//! Another door to the same house: a second desk, server and set of workers on one database.

use crate::world::World;
use app::{assembly::App, server};
use std::sync::Arc;
use tokio::{net::TcpListener, sync::watch};

/// A second process's worth, and its address. It has no workers yet.
pub async fn second(world: &World, stop: &watch::Receiver<bool>) -> (Arc<App>, String) {
    let app = App::assemble(&world.config, Arc::clone(&world.clock)).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = server::service(Arc::clone(&app), 1_024);
    tokio::spawn(server::serve(listener, router, stop.clone()));
    (app, base)
}
