package carillon

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// exportVersion is the version of the format that is written, and the only one
// that is read.
const exportVersion = 1

// writeExport writes an export, until there is a job that cannot be exported:
// then it counts how many more there are.
func writeExport(ctx context.Context, w io.Writer, jobs iter.Seq2[Job, error]) (fault error) {
	out := bufio.NewWriter(w) // which keeps its first error
	fmt.Fprintf(out, `{"version":%d,"jobs":[`, exportVersion)
	comma, more := "", 0
	for j, err := range jobs {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		form, err := j.MarshalJSON()
		if fault != nil || err != nil {
			if fault != nil && err != nil {
				more++
			}
			fault = cmp.Or(fault, err)
			continue
		}
		store, err := json.Marshal(storeOf(&j))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n{\"store\":%s,\"job\":%s}", comma, store, form)
		comma = ","
	}
	if more > 0 {
		return fmt.Errorf("%w (and %d more like it)", fault, more)
	}
	if fault != nil {
		return fault
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// readExport reads the jobs of an export, with their stores. Only the last
// answer can be an error.
func readExport(r io.Reader) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		e := exportReader{in: json.NewDecoder(r), yield: yield}
		e.in.DisallowUnknownFields()
		if err := e.read(); err != nil && err != errEnough {
			yield(Job{}, err)
		}
	}
}

// errEnough ends the reading when nobody wants more.
var errEnough = errors.New("enough")

type exportReader struct {
	in      *json.Decoder
	yield   func(Job, error) bool
	version int
	n       int // jobs read
}

func (e *exportReader) read() error {
	if err := e.delimiter('{'); err != nil {
		return err
	}
	for e.in.More() {
		name, err := e.in.Token()
		if err != nil {
			return e.broken(err)
		}
		if err := e.member(name); err != nil {
			return err
		}
	}
	if err := e.delimiter('}'); err != nil {
		return err
	}
	if _, err := e.in.Token(); err != io.EOF {
		return e.broken(errors.New("something follows the export"))
	}
	return e.checkVersion()
}

func (e *exportReader) member(name json.Token) error {
	switch name {
	case "version":
		if err := e.in.Decode(&e.version); err != nil {
			return e.broken(err)
		}
		return e.checkVersion()
	case "jobs":
		if err := e.checkVersion(); err != nil {
			return err
		}
		return e.jobs()
	}
	return &FieldError{Field: fmt.Sprint(name), Reason: "is unknown; an export has version and jobs"}
}

func (e *exportReader) checkVersion() error {
	switch e.version {
	case exportVersion:
		return nil
	case 0:
		return &FieldError{Field: "version", Reason: fmt.Sprintf("is missing; begin the export with \"version\":%d", exportVersion)}
	}
	return &FieldError{Field: "version", Reason: fmt.Sprintf("is %d; this program reads version %d", e.version, exportVersion)}
}

func (e *exportReader) jobs() error {
	if err := e.delimiter('['); err != nil {
		return err
	}
	for e.in.More() {
		job, err := e.job()
		if err != nil {
			return fmt.Errorf("job %d: %w", e.n, err)
		}
		e.n++
		if !e.yield(job, nil) {
			return errEnough
		}
	}
	return e.delimiter(']')
}

func (e *exportReader) job() (Job, error) {
	var exported struct {
		Store string
		Job   *Job
	}
	if err := e.in.Decode(&exported); err != nil {
		return Job{}, e.broken(err)
	}
	switch {
	case exported.Job == nil:
		return Job{}, &FieldError{Field: "job", Reason: "is missing; give the job's own object"}
	case exported.Job.ID == "":
		return Job{}, &FieldError{Field: "job.id", Reason: "is missing; give each job one"}
	}
	exported.Job.Store = exported.Store
	return *exported.Job, nil
}

// delimiter reads one of the brackets.
func (e *exportReader) delimiter(want json.Delim) error {
	token, err := e.in.Token()
	switch {
	case err != nil:
		return e.broken(err)
	case token != want:
		return e.broken(fmt.Errorf("found %v instead of %v", token, want))
	}
	return nil
}

// broken adds where the export is broken to an error, unless that says so.
func (e *exportReader) broken(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if _, named := errors.AsType[*Error](err); named {
		return err
	}
	return fmt.Errorf("at byte %d: %w", e.in.InputOffset(), err)
}
