package api

import (
	"net/http"
	"time"

	"switchboard/internal/delivery"
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
	put(r, "/api/session/habits", "habits", "Say how you like your answers to leave, on every device", s.putHabits)
	put(r, "/api/session/presence", "presence", "Say whether you are at work", s.putPresence)
	post(r, "/api/password", "change-password", "Change your password; all sessions and keys end, this one begins anew", s.postPassword, people, secret, atMost(10, time.Minute))
	post(r, "/api/resets", "ask-reset", "Ask for a link to set a forgotten password anew; it goes to the address, if somebody works here under it", s.askReset, open, atMost(10, time.Minute))
	get(r, "/api/reset", "resetting", "Whom a link to set a new password is for", s.getReset, open, atMost(30, time.Minute))
	post(r, "/api/reset", "reset", "Set a new password by such a link and sign in", s.useReset, open, atMost(30, time.Minute))
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
	post(r, "/api/people/{id}/reset", "make-reset", "Make a link by which a person sets a new password", s.postReset, admin, people, secret, atMost(60, time.Minute))
	del(r, "/api/people/{id}/sessions", "end-sessions", "End all sessions and API keys of a person", s.deletePersonSessions, admin)
	post(r, "/api/people/{id}/absences", "add-absence", "Say that a person will not be there", s.postAbsence)
	del(r, "/api/people/{id}/absences/{absence}", "remove-absence", "Take an absence back", s.deleteAbsence)
	get(r, "/api/departments", "departments", "The departments and what they deal with", s.getDepartments)
	post(r, "/api/departments", "add-department", "Make a department", s.postDepartment, admin)
	patch(r, "/api/departments/{id}", "change-department", "Change a department", s.patchDepartment, admin)
	post(r, "/api/departments/{id}/hand-out", "hand-out", "Give what waits in its queue to its people, as far as they are there and have room", s.handOut)
	del(r, "/api/departments/{id}", "retire-department", "End a department; its conversations go to another", s.deleteDepartment, admin)

	r.tag = "Settings"
	get(r, "/api/settings", "settings", "How the house is set", s.getSettings)
	put(r, "/api/settings", "change-settings", "Set how the house is set", s.putSettings, admin)
	get(r, "/api/advice", "advice", "How the language model is set, and how it goes with it", s.getAdvice, admin)
	put(r, "/api/advice", "change-advice", "Set whether a language model is asked, which, and how much", s.putAdvice, admin)
	post(r, "/api/advice/try", "try-advice", "Ask it about a sample, and see what left and what came back", s.tryAdvice, admin, secret, atMost(20, time.Minute))
	get(r, "/api/mail", "house-mail", "How the house's own mail is sent, and what became of it", s.getMail, admin)
	put(r, "/api/mail", "change-house-mail", "Set how the house writes to people who work here", s.putMail, admin)
	post(r, "/api/mail/try", "try-house-mail", "Send a test to yourself", s.tryMail, admin, secret, atMost(20, time.Minute))
	get(r, "/api/keys", "keys", "Your API keys; an administrator sees everybody's", s.getKeys, people)
	post(r, "/api/keys", "make-key", "Make an API key; its secret is shown this once", s.postKey, people, secret)
	del(r, "/api/keys/{id}", "revoke-key", "End an API key at once", s.deleteKey, people)

	s.registerAccounts(r)
	s.registerDesk(r)
	s.registerLibrary(r)
	s.registerComposer(r)
	s.registerPolicy(r)
	s.registerNotifications(r)

	r.tag = "Live"
	raw(r, http.MethodGet, "/api/live", "live", "What happens, as it happens (server-sent events)", s.live, s.documentLive)

	r.tag = "About the API"
	raw(r, http.MethodGet, "/api/openapi.json", "openapi", "This description, as OpenAPI 3.1", s.openAPI, documentOpenAPI, open)
	raw(r, http.MethodGet, "/api/docs", "docs", "This description, to read", s.docs, documentPage, open)
	raw(r, http.MethodGet, "/api/docs/{file}", "docs-file", "Script and style of that page", s.docsFile, documentPage, open)

	s.finishOpenAPI()
}

func (s *Server) registerAccounts(r *routes) {
	r.tag = "Accounts"
	get(r, "/api/channels", "channels", "The kinds of channel, and what each asks to be connected", s.getChannels)
	get(r, "/api/accounts", "accounts", "The connected accounts and how well they are", s.getAccounts)
	post(r, "/api/accounts", "connect-account", "Connect an account; its settings are tried first", s.postAccount, admin, atMost(30, time.Minute))
	post(r, "/api/accounts/connect", "begin-connect", "Connect an account by a visit to its far side", s.beginConnect, people, atMost(30, time.Minute))
	raw(r, http.MethodGet, callbackPath, "end-connect", "Where that visit ends", s.endConnect, documentCallback, people)
	post(r, "/api/accounts/check", "check-settings", "Ask the far side who we are with some settings, and keep nothing", s.checkSettings, admin, atMost(30, time.Minute))
	get(r, "/api/accounts/{id}", "account", "One account", s.getAccount)
	patch(r, "/api/accounts/{id}", "change-account", "Change an account's name or settings", s.patchAccount, admin)
	del(r, "/api/accounts/{id}", "remove-account", "Disconnect an account for good; what it heard and said stays", s.deleteAccount, admin)
	put(r, "/api/accounts/{id}/rights", "account-rights", "Set who may speak as an account and who manages it", s.putRights, admin)
	post(r, "/api/accounts/{id}/check", "check-account", "Ask the far side who we are, now", s.checkAccount, admin, atMost(30, time.Minute))
	post(r, "/api/accounts/{id}/test", "test-account", "Send a test message that no customer gets to see, and say what came of it", s.testAccount, admin, slow, atMost(10, time.Minute))
	post(r, "/api/accounts/{id}/lost/seen", "see-lost", "Say that you have seen that something can't be had any more", s.seeLost, admin)
	post(r, "/api/accounts/{id}/stop", "stop-account", "Stop an account: nothing leaves it any more", s.stopAccount, admin)
	post(r, "/api/accounts/{id}/resume", "resume-account", "Let an account speak again", s.resumeAccount, admin)
	post(r, "/api/stop", "stop", "Stop everything", s.stopAll, admin)
	post(r, "/api/resume", "resume", "Take that back; accounts stopped one by one stay stopped", s.resumeAll, admin)
	get(r, "/api/accounts/{id}/arrivals", "arrivals", "Items that could not be taken in", s.getArrivals)
	post(r, "/api/arrivals/{id}/retry", "retry-arrival", "Try an item again", s.retryArrival, admin)
	post(r, "/api/arrivals/{id}/discard", "discard-arrival", "Give an item up", s.discardArrival, admin)
}

func (s *Server) registerDesk(r *routes) {
	r.tag = "Desk"
	get(r, "/api/conversations", "conversations", "A page of the inbox", s.getConversations)
	post(r, "/api/conversations/bulk", "bulk", "Do one thing to many conversations, one by one; each says what became of it", s.postBulk, atMost(240, time.Minute))
	get(r, "/api/threads", "thread", "A public post with the conversations under it", s.getThread)
	get(r, "/api/views", "views", "The lists you keep or that are shared with you, in your order", s.getViews)
	post(r, "/api/views", "keep-view", "Keep a list", s.postView)
	get(r, "/api/views/counts", "view-counts", "How much each of these lists holds", s.getViewCounts)
	put(r, "/api/views/order", "order-views", "Put them in another order, for yourself", s.putViewsOrder)
	patch(r, "/api/views/{id}", "change-view", "Change a list you keep", s.patchView)
	del(r, "/api/views/{id}", "remove-view", "Remove a list, for all who had it", s.deleteView)
	get(r, "/api/counts", "counts", "How many open conversations each view holds", s.getCounts)
	get(r, "/api/conversations/{id}", "conversation", "A conversation with everything in it", s.getConversation)
	post(r, "/api/conversations/{id}/read", "mark-read", "Note that you have seen it", s.markRead)
	post(r, "/api/conversations/{id}/reply", "reply", "Answer; it is sent by and by, or held for an approval", s.postReply)
	post(r, "/api/conversations/{id}/notes", "write-note", "Write a note for colleagues", s.postNote)
	get(r, "/api/conversations/{id}/requests", "requests", "What was asked of others in it", s.getRequests)
	post(r, "/api/conversations/{id}/requests", "ask", "Ask a colleague or a department; its owner stays the owner", s.ask)
	post(r, "/api/conversations/{id}/requests/several", "ask-several", "Ask several at once, each on their own", s.askAll)
	get(r, "/api/requests", "my-requests", "What is asked of you and not answered yet", s.getMyRequests)
	get(r, "/api/requests/way", "asking-way", "By when and how somebody can be asked", s.getAskingWay, atMost(240, time.Minute))
	post(r, "/api/requests/{id}/pass", "pass-request", "Have somebody else asked in your place", s.passRequest)
	post(r, "/api/requests/{id}/later", "put-off-request", "Have yourself reminded later; when it is due stays", s.putOffRequest)
	get(r, "/api/answer", "open-question", "The one question that the link of an e-mail is for", s.getAnswering, open, atMost(60, time.Minute))
	post(r, "/api/answer", "answer-by-link", "Answer it", s.postAnswering, open, atMost(20, time.Minute))
	post(r, "/api/answer/pass", "pass-by-link", "Have somebody else asked instead", s.postPassing, open, atMost(20, time.Minute))
	post(r, "/api/answer/later", "put-off-by-link", "Be reminded later", s.postReminding, open, atMost(20, time.Minute))
	post(r, "/api/requests/{id}/answer", "answer-request", "Answer what was asked", s.answerRequest)
	post(r, "/api/requests/{id}/withdraw", "withdraw-request", "Take back what was asked", s.withdrawRequest)
	post(r, "/api/conversations/{id}/promises/find", "find-promises", "What a text would promise, and by when; nothing is kept", s.findPromises, atMost(600, time.Minute))
	post(r, "/api/conversations/{id}/promises", "make-promise", "Note what was promised otherwise than in an answer", s.makePromise)
	get(r, "/api/promises", "promises", "The promises behind a figure", s.getPromises)
	get(r, "/api/promises/figures", "promise-figures", "How many promises are open, late, kept, broken", s.getPromiseFigures)
	patch(r, "/api/promises/{id}", "change-promise", "Say a promise in other words, by another time, or for others to deliver", s.patchPromise)
	post(r, "/api/promises/{id}/keep", "keep-promise", "Say that it was kept, with proof", s.keepPromise)
	post(r, "/api/promises/{id}/break", "break-promise", "Say that it was not kept and will not be, and why", s.breakPromise)
	post(r, "/api/promises/{id}/withdraw", "withdraw-promise", "Say that it does not hold any more, and why", s.withdrawPromise)
	post(r, "/api/promises/{id}/reopen", "reopen-promise", "Take an ended promise up again", s.reopenPromise)
	post(r, "/api/conversations/{id}/claim", "claim", "Take it", s.claim)
	post(r, "/api/conversations/{id}/undo", "undo-deed", "Take back what you just did to it, for two minutes and as long as nothing happened in it since", s.undoDeed)
	post(r, "/api/conversations/{id}/release", "release", "Give it back to its department's queue", s.release)
	post(r, "/api/conversations/{id}/handover", "hand-over", "Give it to a department or person", s.handover)
	post(r, "/api/conversations/{id}/snooze", "snooze", "Put it to sleep; its clock runs on", s.snooze)
	post(r, "/api/conversations/{id}/wake", "wake", "Wake it up", s.reopen)
	post(r, "/api/conversations/{id}/close", "close", "Close it; the contact reopens it by writing", s.close)
	post(r, "/api/conversations/{id}/reopen", "reopen", "Open it again", s.reopen)
	post(r, "/api/conversations/{id}/aside", "set-aside", "Set it aside: no answer is needed", s.setAside)
	post(r, "/api/conversations/{id}/unaside", "bring-back", "Bring it back from there", s.reopen)
	post(r, "/api/conversations/{id}/answered", "answered-elsewhere", "Say that it was answered elsewhere", s.answeredElsewhere)
	put(r, "/api/conversations/{id}/tags", "tag", "Set its tags", s.putTags)
	put(r, "/api/conversations/{id}/intent", "correct-intent", "Say what the contact really wanted", s.putIntent)
	put(r, "/api/conversations/{id}/urgency", "correct-urgency", "Say how soon the contact really wants an answer", s.putUrgency)
	put(r, "/api/conversations/{id}/language", "correct-language", "Say what the contact really writes in", s.putLanguage)
	put(r, "/api/conversations/{id}/needs", "correct-needs", "Say whether it needs an answer; what needs none is set aside", s.putNeeds)
	put(r, "/api/conversations/{id}/topics", "correct-topics", "Say which topics it is on", s.putTopics)
	get(r, "/api/conversations/{id}/similar", "similar", "The three earlier messages of others most like the last thing said, and who answered them", s.getSimilar, atMost(240, time.Minute))
	post(r, "/api/conversations/{id}/messages/{message}/translation", "translate", "Have a message translated by the language model, if one is switched on", s.translate, atMost(60, time.Minute))
	get(r, "/api/candidates", "candidates", "Who could best have it, or knows about something", s.getCandidates, atMost(120, time.Minute))
	get(r, "/api/intents", "intents", "What a message can be about", s.getIntents)
	get(r, "/api/search", "search", "Messages and notes that hold every word, the newest first; and whom else the words name", s.getSearch, atMost(240, time.Minute))

	r.tag = "Board"
	get(r, "/api/board", "board", "How it stands: what waits, what is late, who is there", s.getBoard)
	get(r, "/api/incidents", "incidents", "Many messages about one thing: what goes on, and what did in the last day", s.getIncidents)
	get(r, "/api/incidents/{id}", "incident", "One of them, with its conversations", s.getIncident)
	post(r, "/api/incidents/{id}/take", "take-incident", "Put all of it through to a department or person, and what joins it later", s.takeIncident)
	post(r, "/api/incidents/{id}/end", "end-incident", "Say that it is over", s.endIncident)

	r.tag = "Scoreboard"
	get(r, "/api/scoreboard", "scoreboard", "How well the machine judges", s.getScoreboard, atMost(60, time.Minute))
	get(r, "/api/verdicts", "verdicts", "What it thought of conversations, and what came of them", s.getVerdicts, atMost(120, time.Minute))

	r.tag = "Posts"
	get(r, "/api/posts", "posts", "What was posted and what is on its way, the newest first", s.getPosts)
	post(r, "/api/posts", "post", "Say something new in public, as one account or several; it is sent by and by, or held for an approval", s.postPost, atMost(120, time.Minute))

	r.tag = "Deliveries"
	get(r, "/api/deliveries", "deliveries", "Outbound messages that wait for somebody", s.getDeliveries)
	post(r, "/api/deliveries/{id}/approve", "approve", "Let a held message out, byte for byte", s.approve)
	post(r, "/api/deliveries/{id}/cancel", "cancel", "Take a message back that has not begun to leave", s.cancel)
	post(r, "/api/deliveries/{id}/retry", "retry", "Send again what failed", s.retry)
	post(r, "/api/deliveries/{id}/confirm", "confirm", "Say whether an unknown message is there: you have looked", s.confirm)

	raw(r, http.MethodGet, "/api/deliveries/{id}/files/{file}", "delivery-file", "A picture or file that goes out with a message", s.getDeliveryFile, documentDeliveryFile)

	s.registerPrivate(r)
	r.tag = "Contacts and files"
	s.registerContacts(r)
	get(r, "/api/contacts/{id}", "contact", "A contact", s.getContact)
	patch(r, "/api/contacts/{id}", "change-contact", "Change a contact's name, standings or note", s.patchContact)
	post(r, "/api/uploads", "upload", "Give us a file to send with an answer", s.postUpload, upload(delivery.MaxUpload+1<<20), atMost(120, time.Minute))
	raw(r, http.MethodGet, "/api/media/{id}", "media", "A picture or file of a message", s.getMedia, documentMedia)
	raw(r, http.MethodGet, "/api/avatars/{id}", "avatar", "The picture of a contact", s.getAvatar, documentAvatar)
}

func (s *Server) registerLibrary(r *routes) {
	r.tag = "Answers"
	get(r, "/api/answers", "answers", "The library: entries found by their words, or the newest changes", s.getAnswers, atMost(240, time.Minute))
	post(r, "/api/answers", "add-answer", "Make an entry", s.postAnswer)
	post(r, "/api/answers/preview", "preview-answer", "Show Markdown as it will be read and as it will be sent; nothing is kept", s.previewAnswer, secret, atMost(240, time.Minute))
	get(r, "/api/answers/{id}", "answer", "One entry with all its texts", s.getAnswer)
	put(r, "/api/answers/{id}", "change-answer", "Change an entry, as its next version", s.putAnswer)
	post(r, "/api/answers/{id}/archive", "archive-answer", "Take an entry out of use; it stays readable", s.archiveAnswer)
	post(r, "/api/answers/{id}/unarchive", "unarchive-answer", "Bring an archived entry back into use", s.unarchiveAnswer)
	post(r, "/api/answers/{id}/reviewed", "review-answer", "Say that an entry is still right", s.reviewAnswer)
	put(r, "/api/answers/{id}/thumb", "rate-answer", "Say what you think of an entry", s.rateAnswer)
	get(r, "/api/answers/{id}/versions", "answer-versions", "Who changed an entry when, and what it was, the newest first", s.getAnswerVersions)
	post(r, "/api/answers/{id}/versions/{number}/restore", "restore-answer", "Put an older version in place again", s.restoreAnswer)
	get(r, "/api/conversations/{id}/answers", "fitting-answers", "The entries that fit a conversation, with their words as they would be sent", s.getFitting, atMost(240, time.Minute))
	get(r, "/api/conversations/{id}/slash", "slash", "What is offered behind a slash in a reply: saved replies, then entries", s.getSlash, atMost(600, time.Minute))
	get(r, "/api/messages/{id}/answer", "proposed-answer", "An entry made of a reply that was sent, without what says who somebody is; nothing is kept", s.getProposedAnswer, atMost(120, time.Minute))
	get(r, "/api/saved-replies", "saved-replies", "Your saved replies and those shared with you", s.getSavedReplies)
	post(r, "/api/saved-replies", "add-saved-reply", "Keep a saved reply", s.postSaved)
	put(r, "/api/saved-replies/{id}", "change-saved-reply", "Change a saved reply", s.putSaved)
	del(r, "/api/saved-replies/{id}", "remove-saved-reply", "Remove a saved reply", s.deleteSaved)
}

func (s *Server) registerPolicy(r *routes) {
	r.tag = "Rules and map"
	get(r, "/api/rules", "rules", "The rules, in the order they are asked", s.getRules)
	post(r, "/api/rules", "add-rule", "Make a rule; it stands last", s.postRule, admin)
	put(r, "/api/rules/order", "order-rules", "Put the rules in another order", s.putRulesOrder, admin)
	post(r, "/api/rules/test", "test-rule", "See which of the last 30 days' conversations a rule would have caught; nothing is kept", s.postRuleTrial, admin, secret, atMost(120, time.Minute))
	patch(r, "/api/rules/{id}", "change-rule", "Change a rule", s.patchRule, admin)
	del(r, "/api/rules/{id}", "remove-rule", "Remove a rule; its history stays", s.deleteRule, admin)
	get(r, "/api/rules/{id}/history", "rule-history", "Who changed a rule, when and why, the newest first", s.getRuleHistory)
	get(r, "/api/map", "map", "The responsibility map in force", s.getMap)
	put(r, "/api/map", "set-map", "Put a map in force, as its next version", s.putMap, admin)
	get(r, "/api/map/templates", "map-templates", "Ways to divide the work, filled in with the departments there are", s.getMapTemplates)
	get(r, "/api/map/versions", "map-versions", "The versions of the map, the newest first", s.getMapVersions)
	post(r, "/api/map/versions/{number}/restore", "restore-map", "Put an older version of the map in force again", s.postMapRestore, admin)
	get(r, "/api/topics", "topics", "The dictionary of topics", s.getTopics)
	post(r, "/api/topics", "add-topic", "Make a topic; it counts from the next message", s.postTopic, admin)
	get(r, "/api/topics/suggestions", "topic-suggestions", "Phrases that go with what people put on conversations by hand and took off", s.getTopicSuggestions, atMost(60, time.Minute))
	post(r, "/api/topics/test", "test-topics", "See which topics a text is on; nothing is kept", s.postTopicTrial, secret, atMost(240, time.Minute))
	patch(r, "/api/topics/{key}", "change-topic", "Change a topic", s.patchTopic, admin)
	del(r, "/api/topics/{key}", "remove-topic", "Take a topic out of the dictionary; conversations keep what was found", s.deleteTopic, admin)
	get(r, "/api/topics/{key}/conversations", "topic-conversations", "The last 30 days' conversations on a topic that you may see, the newest first", s.getTopicConversations)
	post(r, "/api/map/replay", "replay-map", "Put the last days through again under a changed map or roster; nothing is kept", s.postReplay, admin, secret, atMost(20, time.Minute))
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
