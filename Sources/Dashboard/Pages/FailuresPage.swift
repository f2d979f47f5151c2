import JSONText
import LatentSheets
import Store

/// The page of what was given up and why.
struct FailuresPage {
    let failures: [Overview.Failures]
    let links: PageLinks
    let topology: ShownTopology

    /// The whole page.
    var html: String {
        PageFrame(title: "Failures", links: links, place: .failures, topology: topology).page {
            Markup.element("h1") { "Failures" }
            if failures.isEmpty {
                Markup.element("p") { "No job was given up." }
            } else {
                Markup.element("p", ["class": "note"]) {
                    "Jobs that were given up, by node and reason. `gloss retry` opens them again at once; a run tries those that may "
                        + "succeed later by itself."
                }
                failures.map(group)
                if topology.takesChanges { changes }
            }
        }
    }

    private var changes: Markup {
        ChangesMarkup.section {
            Markup.element("p", ["class": "buttons"]) {
                ChangesMarkup.button("Try all again", "retry", "{}")
                Set(failures.map(\.node)).sorted().map { node -> Markup in
                    ChangesMarkup.button(
                        "Try those of \(node) again", "retry", JSONValue.object([("node", .string(node))]).text)
                }
            }
        }
    }

    private func group(_ failures: Overview.Failures) -> Markup {
        Markup.element("article", ["class": "failures"]) {
            Markup.element("h2") { "\(failures.node): \(Words.count(failures.count))" }
            Markup.element("p", ["class": "failure"]) { "! \(failures.reason)" }
            Markup.element("p") {
                for name in failures.latents {
                    if let key = LatentKey(written: name) {
                        Markup.element("a", ["href": links.latent(key)]) { name }
                        " "
                    }
                }
                failures.latents.count < failures.count ? "and \(failures.count - failures.latents.count) more" : ""
            }
        }
    }
}
