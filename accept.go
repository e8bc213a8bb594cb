package carillon

import (
	"errors"
	"fmt"
	"slices"
)

// accepted returns a copy of jobs, or what is wrong with them.
func accepted(jobs []Job) ([]Job, error) {
	var faults []error
	for i := range jobs {
		if err := jobs[i].Validate(); err != nil {
			if len(jobs) > 1 {
				err = fmt.Errorf("job %d %q: %w", i, jobs[i].ID, err)
			}
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return slices.Clone(jobs), nil
}
