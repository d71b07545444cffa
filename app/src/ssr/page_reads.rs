//! What a page reads while the server draws it, each thing once.
//!
//! Leptos draws what waits for something more than once, and makes the resources inside anew each time. Each reading for
//! itself would cost the database as often; worse, what changes in between would be one thing in the page's text and
//! another in what the browser is given to take the page over with, and the taking over fails.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt::Debug,
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use leptos::prelude::use_context;

type Readings = HashMap<(TypeId, String), Box<dyn Any + Send>>;

/// The readings of one request; given by context.
#[derive(Clone, Default)]
pub struct PageReads {
    readings: Arc<Mutex<Readings>>,
    is_described: Arc<AtomicBool>,
}

impl PageReads {
    /// Whether this is the first description of the page.
    pub fn begins_description(&self) -> bool {
        !self.is_described.swap(true, Ordering::Relaxed)
    }

    /// What `read` gave for such a source before; else what it gives now.
    fn once<T, F>(&self, of: TypeId, source: String, read: impl FnOnce() -> F) -> Shared<BoxFuture<'static, T>>
    where
        T: Clone + Send + Sync + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (of, source);
        let known = readings.get(&key).and_then(|known| known.downcast_ref::<Shared<_>>());
        if let Some(known) = known {
            return known.clone();
        }
        let made = read().boxed().shared();
        readings.insert(key, Box::new(made.clone()));
        made
    }
}

/// `read`, which asks once for each source while a page is drawn.
pub fn once_a_page<T, S, F, R>(read: R) -> impl Fn(S) -> BoxFuture<'static, T> + Send + Sync + 'static
where
    T: Clone + Send + Sync + 'static,
    S: Debug,
    F: Future<Output = T> + Send + 'static,
    R: Fn(S) -> F + Send + Sync + 'static,
{
    const {
        assert!(
            size_of::<R>() == 0,
            "what is read depends on the source alone: a captured value would be another thing under the same name"
        );
    }
    let reads = use_context::<PageReads>();
    move |source| match &reads {
        Some(reads) => {
            let name = format!("{source:?}");
            reads.once(TypeId::of::<R>(), name, || read(source)).boxed()
        }
        None => read(source).boxed(),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::ready,
        sync::atomic::{AtomicU32, Ordering},
    };

    use futures_util::FutureExt;
    use leptos::prelude::{Owner, provide_context};

    use super::{PageReads, once_a_page};

    static READ: AtomicU32 = AtomicU32::new(0);

    fn count(source: u32) -> impl Future<Output = (u32, u32)> {
        ready((source, READ.fetch_add(1, Ordering::Relaxed)))
    }

    #[test]
    fn whatever_draws_it_again_gets_the_same() {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(PageReads::default());
            let (first, again) = (once_a_page(count), once_a_page(count));
            assert_eq!(first(1).now_or_never(), Some((1, 0)));
            assert_eq!(again(1).now_or_never(), Some((1, 0)));
            assert_eq!(again(2).now_or_never(), Some((2, 1)));
        });
        Owner::new().with(|| {
            provide_context(PageReads::default());
            assert_eq!(once_a_page(count)(1).now_or_never(), Some((1, 2)), "another request");
        });
    }
}
