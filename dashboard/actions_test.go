package dashboard

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
)

func everybody(*http.Request) bool { return true }

// press sends what a button of a page sends.
func (r *rig) press(action, id string, header ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	return r.post("do", url.Values{"action": {action}, "store": {"default"}, "id": {id}}, header...)
}

func (r *rig) post(path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	request := httptest.NewRequest("POST", "http://example.org/carillon/"+path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return r.send(request)
}

// TestActions does all that can be done, by the buttons that the page has then.
func TestActions(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{MayChange: everybody})
	ran := 0
	r.add(r.Every(time.Hour, counting(&ran), carillon.Job{ID: "a/b"}))
	r.start()
	for _, step := range []struct {
		action, id string
		leads      string
		says       string
		runs       int // so far, a minute later
	}{
		{"run-job", "a/b", "job?done=run&id=a%2Fb&store=default", "The job was told to run now.", 1},
		{"pause-job", "a/b", "job?done=paused&id=a%2Fb&store=default", "The job was paused.", 1},
		{"run-job", "a/b", "job?done=copied&id=", "This job runs once, now", 2},
		{"resume-job", "a/b", "job?done=resumed&id=a%2Fb&store=default", "The job was resumed.", 2},
		{"pause", "", "./?done=scheduler-paused", "The scheduler was paused: ", 2},
		{"run-job", "a/b", "job?done=run&id=a%2Fb&store=default", "The job was told to run now.", 2},
		{"resume", "", "./?done=scheduler-resumed", "The scheduler was resumed.", 3},
		{"remove-job", "a/b", "job?done=removed&id=a%2Fb&store=default", "The job was removed.", 3},
	} {
		page := "job?id=a/b"
		if step.id == "" {
			page = ""
		}
		if !strings.Contains(r.get(page).Body.String(), `value="`+step.action+`"`) {
			t.Errorf("%s: there is no such button", step.action)
		}
		answer := r.press(step.action, step.id)
		location := answer.Header().Get("Location")
		if answer.Code != http.StatusSeeOther || !strings.HasPrefix(location, step.leads) {
			t.Errorf("%s: %d, leads to %q, want %q\n%s", step.action, answer.Code, location, step.leads, answer.Body)
			continue
		}
		r.shows(strings.TrimPrefix(location, "./"), step.says)
		r.pass(time.Minute)
		if ran != step.runs {
			t.Errorf("%s: the job has run %d times, want %d", step.action, ran, step.runs)
		}
	}
	if jobs, err := r.Jobs(t.Context()); err != nil || len(jobs) != 0 {
		t.Errorf("there are %d jobs, %v", len(jobs), err)
	}
}

// TestCopy checks that the copy of a job that is paused is as late as the job may be,
// and not as the scheduler's other jobs.
func TestCopy(t *testing.T) {
	r := newRig(t, carillon.Config{JobDefaults: carillon.JobDefaults{MisfireGrace: time.Second}}, Config{MayChange: everybody})
	ran := 0
	r.add(r.Every(time.Hour, counting(&ran), carillon.Job{ID: "job", Paused: true, MisfireGrace: carillon.NoMisfireGrace}))
	r.start()
	r.must(r.Pause(t.Context()))
	if answer := r.press("run-job", "job"); answer.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", answer.Code, answer.Body)
	}
	r.pass(time.Minute)
	r.must(r.Resume(t.Context()))
	r.pass(time.Minute)
	if ran != 1 {
		t.Errorf("the copy has run %d times", ran)
	}
}

// counting returns a job that counts its runs.
func counting(runs *int) carillon.Func {
	return func(context.Context) error {
		*runs++
		return nil
	}
}

// TestReadOnly checks that nothing can be changed unless it is allowed, and that
// each request is asked about.
func TestReadOnly(t *testing.T) {
	for name, may := range map[string]func(*http.Request) bool{
		"by default": nil,
		"if refused": func(r *http.Request) bool { return r.Header.Get("User") == "admin" },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, carillon.Config{}, Config{MayChange: may})
			r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "job"}))
			r.start()
			for _, page := range []string{"", "job?id=job"} {
				if strings.Contains(r.get(page).Body.String(), "<button class") || strings.Contains(r.get(page).Body.String(), `method="post"`) {
					t.Errorf("%q has buttons", page)
				}
			}
			for action := range actions {
				if answer := r.press(action, "job"); answer.Code != http.StatusForbidden {
					t.Errorf("%s: %d", action, answer.Code)
				}
			}
			if j, err := r.Job(t.Context(), "job"); err != nil || j.Paused || r.State() != carillon.Running {
				t.Errorf("something was done: %v, paused %t, %v", err, j.Paused, r.State())
			}
			if may == nil {
				return
			}
			if answer := r.press("pause-job", "job", "User", "admin"); answer.Code != http.StatusSeeOther {
				t.Errorf("who may change is answered %d", answer.Code)
			}
		})
	}
}

// TestLongForm checks that whoever is asked about a request can read no more of it
// than the dashboard.
func TestLongForm(t *testing.T) {
	var size int64
	r := newRig(t, carillon.Config{}, Config{MayChange: func(r *http.Request) bool {
		n, _ := io.Copy(io.Discard, r.Body)
		size += n
		return false
	}})
	r.post("do.json", url.Values{"action": {strings.Repeat("x", 2*maxForm)}})
	if size != maxForm {
		t.Errorf("%d bytes can be read, want %d", size, maxForm)
	}
}

// TestOtherSites checks that a page of another site cannot have a browser change
// anything.
func TestOtherSites(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{MayChange: everybody})
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "job"}))
	r.start()
	for _, row := range []struct {
		name, value string
		want        int
	}{
		{"Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"Origin", "http://evil.example", http.StatusForbidden},
		{"Origin", "null", http.StatusForbidden},
		{"Sec-Fetch-Site", "same-origin", http.StatusSeeOther},
		{"Origin", "http://example.org", http.StatusSeeOther},
		{"X-Nothing", "a script, not a browser", http.StatusSeeOther},
	} {
		if answer := r.press("pause-job", "job", row.name, row.value); answer.Code != row.want {
			t.Errorf("%s %s: %d, want %d", row.name, row.value, answer.Code, row.want)
		}
		j, err := r.Job(t.Context(), "job")
		r.must(err)
		if j.Paused != (row.want == http.StatusSeeOther) {
			t.Errorf("%s %s: paused %t", row.name, row.value, j.Paused)
		}
		_, err = r.ResumeJob(t.Context(), "job")
		r.must(err)
	}
}

// TestRefusals checks what is answered when it cannot be done.
func TestRefusals(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{MayChange: everybody})
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "job"}))
	if answer := r.press("pause", ""); answer.Code != http.StatusConflict {
		t.Errorf("a scheduler that is stopped is paused: %d", answer.Code)
	}
	r.start()
	for _, row := range []struct {
		form url.Values
		want int
	}{
		{url.Values{"action": {"pause-job"}, "store": {"default"}, "id": {"none"}}, 404},
		{url.Values{"action": {"run-job"}, "store": {"default"}, "id": {"none"}}, 404},
		{url.Values{"action": {"remove-job"}, "store": {"none"}, "id": {"job"}}, 404},
		{url.Values{"action": {"explode"}}, 400},
		{nil, 400},
		{url.Values{"action": {strings.Repeat("x", maxForm)}}, 400},
	} {
		answer := r.post("do", row.form)
		if answer.Code != row.want || !strings.Contains(answer.Body.String(), "This did not work") {
			t.Errorf("%v: %d, want %d", row.form.Get("action"), answer.Code, row.want)
		}
		answer = r.post("do.json", row.form)
		if answer.Code != row.want || !strings.HasPrefix(answer.Body.String(), "{\n  \"error\": ") {
			t.Errorf("%v as JSON: %d, want %d\n%s", row.form.Get("action"), answer.Code, row.want, answer.Body)
		}
	}
	answer := r.post("do.json", url.Values{"action": {"pause-job"}, "store": {"default"}, "id": {"job"}})
	if want := "{\n  \"done\": \"paused\",\n  \"id\": \"job\",\n  \"store\": \"default\"\n}\n"; answer.Body.String() != want {
		t.Errorf("paused by a script: %s, want %s", answer.Body, want)
	}
}
