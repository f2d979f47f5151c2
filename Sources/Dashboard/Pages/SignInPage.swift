/// The pages at which a browser signs in and out; they tell nothing of what is served.
enum SignInPage {
    /// The page that asks for the token.
    ///
    /// - Parameters:
    ///   - path: Where the browser is sent then.
    ///   - fault: Why the last try was none.
    static func signIn(returningTo path: String, fault: String?) -> String {
        page("Sign in") {
            Markup.element("h1") { "Sign in" }
            Markup.element("p") { "What is served here needs a token, which is `http.token` in the topology." }
            if let fault { Markup.element("p", ["class": "failure", "role": "alert"]) { "! \(fault)" } }
            Markup.element("form", ["method": "post", "action": "/sign-in"]) {
                Markup.element("input", ["type": "hidden", "name": "next", "value": path])
                Markup.element("label", ["for": "token"]) { "Token" }
                " "
                Markup.element(
                    "input",
                    [
                        "type": "password", "name": "token", "id": "token", "autocomplete": "current-password",
                        "required": "", "autofocus": "",
                    ])
                " "
                Markup.element("button") { "Sign in" }
            }
            Markup.element("p", ["class": "note"]) {
                "A browser that follows a link from another site does not say that it is signed in: "
                Markup.element("a", ["href": path]) { "open the page again" }
                " if you are."
            }
        }
    }

    /// The page that asks whether to sign out.
    static func signOut(isSignedIn: Bool) -> String {
        page("Sign out") {
            Markup.element("h1") { "Sign out" }
            if isSignedIn {
                Markup.element("form", ["method": "post", "action": "/sign-out"]) {
                    Markup.element("button") { "Sign out" }
                }
            } else {
                Markup.element("p") {
                    "This browser is not signed in here. If it sees the pages all the same, a proxy adds the token."
                }
            }
            Markup.element("p") { Markup.element("a", ["href": "/"]) { "Overview" } }
        }
    }

    private static func page(_ title: String, @MarkupBuilder _ content: () -> Markup) -> String {
        let links = PageLinks.served
        return Markup.document {
            Markup.element("head") {
                Markup.element("meta", ["charset": "utf-8"])
                Markup.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                Markup.element("title") { "\(title) – Gloss" }
                Markup.element("link", ["rel": "stylesheet", "href": links.asset("gloss.css")])
                Markup.element("link", ["rel": "icon", "type": "image/svg+xml", "href": links.asset("icon.svg")])
            }
            Markup.element("body") { Markup.element("main", ["id": "content"], content) }
        }
    }
}
