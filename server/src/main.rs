//! Serves the application and its static files.

use axum::Router;
use leptos::prelude::get_configuration;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::services::ServeDir;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = get_configuration(None)?.leptos_options;
    let shell = {
        let options = options.clone();
        move || app::shell::shell(options.clone())
    };
    let routes = generate_route_list(app::app::App);
    let pages = leptos_axum::render_app_async(shell.clone());
    let files = ServeDir::new(options.site_root.as_ref())
        .append_index_html_on_directories(false)
        .fallback(axum::routing::get(pages));
    let router = Router::new()
        .leptos_routes(&options, routes, shell)
        .fallback_service(files)
        .with_state(options.clone());
    let listener = tokio::net::TcpListener::bind(&options.site_addr).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
