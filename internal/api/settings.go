package api

import (
	"context"

	"switchboard/internal/staff"
)

func (s *Server) getSettings(ctx context.Context, _ *struct{}) (*body[staff.Organisation], error) {
	return answer(s.Staff.Settings(ctx, who(ctx)))
}

type settingsForm struct{ Body staff.Organisation }

func (s *Server) putSettings(ctx context.Context, in *settingsForm) (*body[staff.Organisation], error) {
	return answer(s.Staff.ChangeSettings(ctx, who(ctx), in.Body))
}
