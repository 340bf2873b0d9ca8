package api

import (
	"net/http"
	"time"
)

// register puts the whole list of routes on mux.
func (s *Server) register(mux *http.ServeMux) {
	r := newRoutes(s, mux)
	s.api = r.api

	r.tag = "Session"
	get(r, "/api/session", "session", "Who is signed in, and what the screen must know first", s.session, open)
	post(r, "/api/session", "sign-in", "Sign in with address and password", s.postSession, open, atMost(30, time.Minute))
	del(r, "/api/session", "sign-out", "Sign out", s.deleteSession, open)
	del(r, "/api/sessions", "sign-out-everywhere", "End all your sessions and API keys", s.deleteSessions, people)
	put(r, "/api/session/presence", "presence", "Say whether you are at work", s.putPresence)
	post(r, "/api/password", "change-password", "Change your password; all sessions and keys end, this one begins anew", s.postPassword, people, secret, atMost(10, time.Minute))
	get(r, "/api/demo/people", "demo-people", "In the demo: whom one can be", s.demoPeople, open)
	post(r, "/api/demo/enter", "demo-enter", "In the demo: sign in as one of them", s.demoEnter, open)
	get(r, "/api/setup", "setup", "What the first-run wizard begins with", s.getSetup, open, atMost(30, time.Minute))
	post(r, "/api/setup", "set-up", "Set the house up, once", s.postSetup, open, atMost(30, time.Minute))

	r.tag = "Staff"
	get(r, "/api/invitations", "invitations", "Invitations that can still be used", s.getInvitations)
	post(r, "/api/invitations", "invite", "Invite somebody", s.postInvitation, admin, secret, atMost(120, time.Minute))
	del(r, "/api/invitations/{id}", "revoke-invitation", "Take an invitation back", s.deleteInvitation, admin)
	get(r, "/api/invitation", "invited", "What an invitation is for", s.getInvited, open, atMost(30, time.Minute))
	post(r, "/api/invitation", "join", "Take an invitation up and sign in", s.postInvited, open, atMost(30, time.Minute))
	get(r, "/api/people", "people", "Who works here", s.getPeople)
	get(r, "/api/people/{id}", "person", "One of them", s.getPerson)
	patch(r, "/api/people/{id}", "change-person", "Change a person", s.patchPerson)
	del(r, "/api/people/{id}/sessions", "end-sessions", "End all sessions and API keys of a person", s.deletePersonSessions, admin)
	post(r, "/api/people/{id}/absences", "add-absence", "Say that a person will not be there", s.postAbsence)
	del(r, "/api/people/{id}/absences/{absence}", "remove-absence", "Take an absence back", s.deleteAbsence)
	get(r, "/api/departments", "departments", "The departments and what they deal with", s.getDepartments)
	post(r, "/api/departments", "add-department", "Make a department", s.postDepartment, admin)
	patch(r, "/api/departments/{id}", "change-department", "Change a department", s.patchDepartment, admin)
	del(r, "/api/departments/{id}", "retire-department", "End a department; its conversations go to another", s.deleteDepartment, admin)

	r.tag = "Settings"
	get(r, "/api/settings", "settings", "How the house is set", s.getSettings)
	put(r, "/api/settings", "change-settings", "Set how the house is set", s.putSettings, admin)
	get(r, "/api/keys", "keys", "Your API keys; an administrator sees everybody's", s.getKeys, people)
	post(r, "/api/keys", "make-key", "Make an API key; its secret is shown this once", s.postKey, people, secret)
	del(r, "/api/keys/{id}", "revoke-key", "End an API key at once", s.deleteKey, people)

	r.tag = "Live"
	raw(r, http.MethodGet, "/api/live", "live", "What happens, as it happens (server-sent events)", s.live, s.documentLive)

	r.tag = "About the API"
	raw(r, http.MethodGet, "/api/openapi.json", "openapi", "This description, as OpenAPI 3.1", s.openAPI, documentOpenAPI, open)
	raw(r, http.MethodGet, "/api/docs", "docs", "This description, to read", s.docs, documentPage, open)
	raw(r, http.MethodGet, "/api/docs/{file}", "docs-file", "Script and style of that page", s.docsFile, documentPage, open)

	s.finishOpenAPI()
}

// mountRest puts what is not the API on mux.
func (s *Server) mountRest(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("/api/", s.notFound)
	for path, h := range s.Mounts {
		mux.Handle(path, h)
	}
	mux.HandleFunc("/", s.ui)
}
