package stores

import "context"

// FinishFirst carries out a claim in two steps: it has s record the claim's
// Done by Finish, and then carry out the rest by ClaimDue. It is for a Store
// that cannot do both in one, whose ClaimDue begins with
//
//	if len(claim.Done) > 0 {
//		return stores.FinishFirst(ctx, s, claim)
//	}
func FinishFirst(ctx context.Context, s Store, claim *Claim) (*Claimed, error) {
	finished, err := s.Finish(ctx, claim.Node, claim.Done)
	if err != nil {
		return nil, err
	}
	rest := *claim
	rest.Done = nil
	claimed, err := s.ClaimDue(ctx, &rest)
	if err != nil {
		return nil, err
	}
	claimed.Finished = &finished
	return claimed, nil
}
