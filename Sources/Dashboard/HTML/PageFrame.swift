/// What every page has around its own content: title, navigation, style sheet and script.
struct PageFrame {
    let title: String
    let links: PageLinks
    /// The place among the navigation's entries.
    let place: Place
    let topology: ShownTopology

    /// The entries of the navigation.
    enum Place {
        case overview, latents, compare, pipeline, failures, signOut, none
    }

    /// What a browser may load and do: files of the same place, and nothing else.
    package static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"
    /// The same for a page in a file, where a header's directive about frames means nothing.
    private static let policyOfFiles =
        "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file:; base-uri 'none'; form-action 'none'"

    /// The whole page.
    func page(@MarkupBuilder _ content: () -> Markup) -> String {
        Markup.document {
            Markup.element("head") {
                Markup.element("meta", ["charset": "utf-8"])
                Markup.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                Markup.element(
                    "meta",
                    ["http-equiv": "Content-Security-Policy", "content": links.isServed ? nil : Self.policyOfFiles])
                Markup.element("title") { "\(title) – Gloss" }
                Markup.element("link", ["rel": "stylesheet", "href": links.asset("gloss.css")])
                Markup.element("link", ["rel": "icon", "type": "image/svg+xml", "href": links.asset("icon.svg")])
                Markup.element("script", ["src": links.asset("gloss.js"), "defer": ""])
            }
            Markup.element("body", ["data-live": links.isServed ? "" : nil]) {
                Markup.element("a", ["class": "skip", "href": "#content"]) { "Skip to the content" }
                header
                Markup.element("main", ["id": "content", "tabindex": "-1"], content)
                Markup.element("p", ["id": "said", "class": "said", "role": "status", "aria-live": "polite"])
                help
            }
        }
    }

    private var header: Markup {
        Markup.element("header", ["class": "top"]) {
            Markup.element("a", ["class": "brand", "href": links.overview]) { "Gloss" }
            Markup.element("span", ["class": "topology"]) { topology.name }
            if topology.isChangedOnDisk {
                Markup.element("span", ["class": "changed", "role": "note"]) {
                    "configuration differs from the file on disk"
                }
            }
            Markup.element("nav", ["aria-label": "Pages"]) {
                entry("Overview", links.overview, .overview)
                entry("Latents", links.latents(), .latents)
                if links.isServed { entry("Compare", links.compare(), .compare) }
                // A run is live: there is nothing of it in files.
                if links.isServed { entry("Pipeline", links.pipeline, .pipeline) }
                entry("Failures", links.failures, .failures)
                if topology.asksForToken { entry("Sign out", "/sign-out", .signOut) }
            }
            if links.isServed {
                Markup.element("form", ["class": "search", "role": "search", "action": "/latents", "method": "get"]) {
                    Markup.element(
                        "input",
                        [
                            "type": "search", "name": "q", "id": "search", "aria-label": "Search labels and numbers",
                            "placeholder": "Search labels ( / )",
                        ])
                }
            }
        }
    }

    private func entry(_ name: String, _ link: String, _ own: Place) -> Markup {
        Markup.element("a", ["href": link, "aria-current": place == own ? "page" : nil]) { name }
    }

    private var help: Markup {
        Markup.element("dialog", ["id": "help", "aria-label": "Keys"]) {
            Markup.element("h2") { "Keys" }
            Markup.element("dl") {
                for (key, what) in Self.keys {
                    Markup.element("dt") { Markup.element("kbd") { key } }
                    Markup.element("dd") { what }
                }
            }
            Markup.element("form", ["method": "dialog"]) { Markup.element("button") { "Close" } }
        }
    }

    private static let keys: KeyValuePairs<String, String> = [
        "/": "search", "← →": "the latent before or after", "n": "numbers of activations on or off",
        "u": "up: from a score to its latent",
        "w": "wider or narrower context", "?": "this help",
    ]
}
