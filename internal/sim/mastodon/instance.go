package mastodon

import "strings"

func (s *Server) version() string {
	switch {
	case s.o.GoToSocial:
		return "0.20.2+git-0a1b2c3"
	case s.o.Old:
		return "4.2.29"
	}
	return "4.5.2"
}

func (s *Server) perLink() int {
	if s.o.GoToSocial {
		return 25
	}
	return 23
}

func (s *Server) configuration(c *call) map[string]any {
	return map[string]any{
		"urls":     map[string]any{"streaming": streamingBase(c), "status": "", "about": s.o.Base + "/about"},
		"accounts": map[string]any{"max_featured_tags": 10, "max_pinned_statuses": 5},
		"statuses": map[string]any{"max_characters": s.o.MaxChars, "max_media_attachments": s.o.MaxMedia,
			"characters_reserved_per_url": s.perLink(), "supported_mime_types": []string{"text/plain"}},
		"media_attachments": map[string]any{
			"supported_mime_types": []string{"image/jpeg", "image/png", "image/gif", "image/webp", "video/webm", "video/mp4", "audio/mpeg"},
			"description_limit":    altMost, "image_size_limit": s.o.ImageSize, "image_matrix_limit": 33177600,
			"video_size_limit": 103809024, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400},
		"polls": map[string]any{"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
	}
}

func streamingBase(c *call) string { return "ws" + strings.TrimPrefix(origin(c.r), "http") }

func (s *Server) instanceV1(c *call) (int, any) {
	conf := s.configuration(c)
	delete(conf, "urls")
	return 200, map[string]any{
		"uri": s.o.Domain, "title": "A stand-in", "short_description": "Nobody lives here.", "description": "Nobody lives here.",
		"email": "admin@" + s.o.Domain, "version": s.version(), "urls": map[string]any{"streaming_api": streamingBase(c)},
		"stats":     map[string]any{"user_count": len(s.accounts), "status_count": len(s.statuses), "domain_count": 1},
		"thumbnail": s.o.Base + "/thumbnail.png", "languages": []string{"en"}, "registrations": false, "approval_required": false,
		"invites_enabled": false, "configuration": conf, "contact_account": nil, "rules": []any{},
	}
}

func (s *Server) instanceV2(c *call) (int, any) {
	out := map[string]any{
		"domain": s.o.Domain, "title": "A stand-in", "version": s.version(), "source_url": "https://github.com/mastodon/mastodon",
		"description": "Nobody lives here.", "usage": map[string]any{"users": map[string]any{"active_month": len(s.accounts)}},
		"thumbnail": map[string]any{"url": s.o.Base + "/thumbnail.png"}, "languages": []string{"en"}, "configuration": s.configuration(c),
		"registrations": map[string]any{"enabled": false, "approval_required": false, "message": nil, "url": nil},
		"contact":       map[string]any{"email": "admin@" + s.o.Domain, "account": nil}, "rules": []any{},
	}
	if !s.o.Old {
		out["api_versions"] = map[string]any{"mastodon": 7}
	}
	return 200, out
}
