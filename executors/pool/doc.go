// Package pool is the default Executor. It executes runs side by side, as many
// as there are or as [Config.Size] allows. APScheduler: ThreadPoolExecutor.
//
//	pool.Open(pool.Config{})         // an executors.Opener
//	pool.Open(pool.Config{Size: 20}) // no more than 20 runs at a time
//
// # What to expect
//
// A run that is accepted starts at once, unless Size runs are being executed.
// It waits for a processor as every goroutine does, but never for the end of
// another run. Where a size makes runs wait, they start in the order in which
// they came; the runs of one instance follow each other without giving their
// place away.
//
// A job may block, hang, panic, call [runtime.Goexit] or ignore its context;
// none of this harms the pool or another run, except that a job which never
// returns keeps its place for ever. A panic in a goroutine that the job has
// started itself cannot be recovered by anybody, and ends the process.
//
// A run that does nothing costs about 200 ns and, once a batch is larger than
// a few runs, no allocation of its own; a goroutine for each run would cost
// several times as much. A pool that is at rest has no goroutine and uses no
// processor. The contexts of the runs that have come in one batch are one
// piece of memory: a job that keeps its context keeps that, and the runs.
//
// # How it works: the baton
//
// Workers are goroutines that take runs out of a common queue until it is
// empty, and then end. There is no fixed number of them. The trick is that a
// worker, before it goes into a job, makes sure that somebody else is on the
// way: if runs are left in the queue, it calls another worker (it starts a
// goroutine), unless one has been called that has not arrived yet. Whoever
// arrives does the same.
//
//   - If jobs do nothing, the worker is back before the called one has found a
//     processor, and takes the next run: one goroutine empties the queue, and
//     the one that was called finds nothing to do.
//   - If a job blocks, its processor is free, and the called worker arrives,
//     calls another, and takes the next run. A thousand jobs that block thus
//     get a thousand goroutines, one after the other, with no more delay than
//     if each had been started by a go statement.
//   - If jobs compute, the called worker arrives as soon as there is a
//     processor for it: all processors are in use, and no more goroutines than
//     that are started.
//
// Results travel the same way. A worker that has executed a run puts the
// result down in a common list, and somebody reports the list: a worker that
// finds no more runs, one that finds the list full ([fullReport]), and one that
// arrives. So results are reported many at a time when jobs are quick, and yet
// no result has to wait for a job that is not.
//
// # Why nothing is left behind
//
// Whenever the mutex is free, this holds:
//
//	A  If a run could be executed (the queue is not empty, there is room),
//	   then a worker has been called that has not arrived, or a worker is
//	   between two jobs.
//	B  If there is a result to report, then likewise, or a worker is reporting.
//
// "Between two jobs" means in [worker.next], from which a worker does not go
// into a job without having called somebody to what it leaves behind
// ([pool.call]), nor leaves the pool without having looked for runs and results
// in the same critical section. A worker that reports comes back to look
// again. All these goroutines can run: none of them is in a job, waits for
// another one or holds anything while it calls the host. So what A and B speak
// of happens as soon as there is a processor, whatever the jobs do.
//
// Only one worker reports at a time. Results hence arrive in the order in which
// the runs ended; in particular those of one instance, whose runs one worker
// executes, arrive in the order of the runs.
//
// Shutdown follows from A and B: when the last worker has left there is
// neither a run nor a result.
//
// Nothing of this needs two things to happen at once. Under a simulator, where
// a goroutine runs until it ends or waits in Host.Wait, a called worker simply
// has its turn later.
package pool
