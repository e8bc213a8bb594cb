package triggers

import "errors"

// errMissing is the answer of kinds whose constructor does not exist yet.
var errMissing = errors.New("no such constructor yet")

func buildOracleCron(p *oracleParams) (Trigger, error)    { return nil, errMissing }
func buildOracleCrontab(p *oracleParams) (Trigger, error) { return nil, errMissing }
