// Package dashboard shows a scheduler in a browser: its jobs and when they run
// next, what runs now, what has gone wrong, and why a job did not run. It is an
// [http.Handler] for the program's own server.
//
// # Usage
//
//	mux.Handle("/carillon/", dashboard.New(s, dashboard.Config{}))
//
// The path is the program's choice and ends with a slash; [http.StripPrefix] is not
// needed and does no harm. All links are relative, so a proxy may put the whole under
// another path. Nothing is loaded from elsewhere, and there is no JavaScript.
//
//	overview   what runs next, what runs now, what has gone wrong within a day;
//	           stores and executors
//	jobs       the jobs of a store: trigger, next run, or what keeps it from
//	           running, last run; search by ID, name, task, state
//	job        one job: settings, the next ten run times in its own time zone, with
//	           the changes of the clocks between them; its history; and the answer
//	           to "why did it not run at ...?" ([carillon.Scheduler.Explain])
//	runs       what this process is running, since when
//	history    what a store has recorded, by outcome
//
// # Who may see it
//
// WHOEVER CAN REACH THE HANDLER SEES EVERYTHING: the IDs and names of jobs, the
// arguments of their tasks, the texts of their errors. The package knows no users
// and no passwords. Wrap the handler in what the program has for that, or let it
// listen where only the right people are:
//
//	mux.Handle("/carillon/", signedIn(dashboard.New(s, dashboard.Config{MayChange: isAdmin})))
//
// Nothing can be changed unless [Config].MayChange says of a request that its sender
// may: pause, resume, run now, remove a job; pause and resume the scheduler. Each
// takes a POST, and those that a browser sends on behalf of another site are refused
// ([http.CrossOriginProtection]); there is no session and no token, and so none to
// expire. A proxy has to pass the Host on as the browser has sent it. Every page has a
// Content-Security-Policy that allows its own stylesheet and pictures and nothing
// else.
//
// Two things that look like a fence and are none. Listening on localhost, or in an
// office's network, without a sign-in: the page of any site that somebody there looks at
// can have its own name lead to that address (DNS rebinding), and then read and change
// what they could; so have a sign-in, or refuse what has another Host than yours. And
// rules about paths: only the last element of a path counts, and /carillon/x/do is
// /carillon/do; a proxy that is to let nobody change anything has to refuse POST.
//
// "Run now" gives the job its next run time now, and its schedule goes on as it was; it
// counts against MaxInstances. Of a job that is paused it adds a copy that runs once,
// so that the job stays paused.
//
// # For scripts
//
// Each page is JSON as well, with the same parameters: overview.json,
// jobs.json?store=default&state=parked, job.json?id=nightly&at=2026-05-01T02:30:00Z,
// runs.json, history.json?outcome=trouble. Times are as in RFC 3339, durations are
// seconds. Where a page goes on there is a member "next": pass it as "after" to jobs
// and as "before" to history. What could not be read is listed in "faults", and the
// rest of the page is there; an answer that has none is complete. testdata has an
// example of each. Changes are made by
//
//	curl -d action=pause-job -d store=default -d id=nightly https://example.org/carillon/do.json
//
// with the actions pause-job, resume-job, run-job, remove-job, pause and resume. The
// answer is an object with "done", or with "error" and a status of 400 or more.
//
// # What it costs
//
// A page of jobs reads a hundred jobs, however many there are. Their last runs are
// found in the newest two thousand records of the store; for those that are not there
// the history is searched for another quarter of a second, and where that does not
// suffice the page says since when the job has had no run. A search by the beginning of
// an ID reads what it shows; any other looks at up to 20,000 jobs, says so, and offers
// to go on. The overview looks at a thousand jobs of each store. Stores are read beside
// the scheduler's own work, one page at a time, which waits for none of it.
//
// Jobs are listed in order of their next runs if they fit on one page, else in order of
// ID, which is the only one in which stores can page.
//
// # When something does not work
//
// A store that fails, or does not answer within [Config].Timeout, is named on the page
// with its error, and what else there is is shown. A scheduler that is stopped has its
// stores closed: what is listed then are the jobs that wait for its start. Of run times
// a store without a history can tell nothing. Each request is bounded by its context;
// handlers may be called concurrently.
//
// Times are those of the scheduler's clock, also if it is a fake one; only the waiting
// for stores is measured by the machine's.
package dashboard
