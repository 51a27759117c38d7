/* SPDX-License-Identifier: Apache-2.0 */
#include "cblas_pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct worker {
    cblas_pool *pool;
    size_t index; /* of its stretches; 0 is the caller's */
    pthread_t thread;
} worker;

struct cblas_pool {
    pthread_mutex_t mutex;
    pthread_cond_t begin;
    pthread_cond_t end;
    uint64_t loops; /* begun */
    bool stop;
    size_t pending; /* workers that have not done their stretch of the loop */
    size_t parts;   /* stretches of the loop */
    size_t count;
    cblas_loop *loop;
    void *state;
    size_t workers; /* started */
    worker *list;   /* [threads - 1] */
};

static void run_part(const cblas_pool *pool, size_t part)
{
    if (part < pool->parts) {
        pool->loop(pool->state, part * pool->count / pool->parts,
                   (part + 1) * pool->count / pool->parts);
    }
}

static void *work(void *argument)
{
    const worker *worker = argument;
    cblas_pool *pool = worker->pool;
    uint64_t done = 0;
    pthread_mutex_lock(&pool->mutex);
    while (!pool->stop) {
        if (pool->loops == done) {
            pthread_cond_wait(&pool->begin, &pool->mutex);
            continue;
        }
        done = pool->loops;
        pthread_mutex_unlock(&pool->mutex);
        run_part(pool, worker->index);
        pthread_mutex_lock(&pool->mutex);
        if (--pool->pending == 0) {
            pthread_cond_signal(&pool->end);
        }
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

cblas_pool *cblas_pool_create(size_t threads)
{
    cblas_pool *pool = calloc(1, sizeof *pool);
    worker *list = calloc(threads, sizeof *list);
    if (pool == NULL || list == NULL) {
        free(pool);
        free(list);
        return NULL;
    }
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->begin, NULL);
    pthread_cond_init(&pool->end, NULL);
    pool->list = list;
    for (size_t i = 0; i + 1 < threads; i++) {
        list[i] = (worker){.pool = pool, .index = i + 1};
        if (pthread_create(&list[i].thread, NULL, work, &list[i]) != 0) {
            break;
        }
        pool->workers++;
    }
    return pool;
}

void cblas_pool_destroy(cblas_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    pool->stop = true;
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 0; i < pool->workers; i++) {
        pthread_join(pool->list[i].thread, NULL);
    }
    pthread_cond_destroy(&pool->end);
    pthread_cond_destroy(&pool->begin);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->list);
    free(pool);
}

void cblas_pool_run(cblas_pool *pool, size_t count, size_t grain, cblas_loop *loop, void *state)
{
    const size_t threads = pool->workers + 1;
    const size_t parts = count / grain < threads ? count / grain : threads;
    if (parts <= 1) {
        loop(state, 0, count);
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    pool->loop = loop;
    pool->state = state;
    pool->count = count;
    pool->parts = parts;
    pool->pending = pool->workers;
    pool->loops++;
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
    run_part(pool, 0);
    pthread_mutex_lock(&pool->mutex);
    while (pool->pending > 0) {
        pthread_cond_wait(&pool->end, &pool->mutex);
    }
    pthread_mutex_unlock(&pool->mutex);
}
