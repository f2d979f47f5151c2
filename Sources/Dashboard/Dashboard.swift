package import LatentSheets
package import PipelineSheets
package import Reports
package import Store

/// The pages, each made whole of values that the API gives as well.
package struct Dashboard: Sendable {
    private let links: PageLinks
    private let topology: ShownTopology

    /// Makes pages of a topology, whose file may have come to say something else than what runs.
    ///
    /// - Parameters:
    ///   - asksForToken: Whether one signs in to see the pages, so that there is a way to sign out.
    ///   - takesChanges: Whether the daemon lets those change something who have its token for that.
    package init(
        links: PageLinks, topology: String, isChangedOnDisk: Bool = false, asksForToken: Bool = false,
        takesChanges: Bool = false
    ) {
        self.links = links
        self.topology = ShownTopology(
            name: topology, isChangedOnDisk: isChangedOnDisk, asksForToken: asksForToken, takesChanges: takesChanges)
    }

    /// What a browser may load and do on a page that is served: the header `Content-Security-Policy`.
    package static let policy = PageFrame.policy

    /// How everything stands.
    package func overview(_ overview: Overview) -> String {
        OverviewPage(overview: overview, links: links, topology: topology).html
    }

    /// One latent, and a text that was read or an explanation that was tried for this look, if one was.
    package func latent(_ sheet: LatentSheet, reading: TestedText? = nil, trial: TriedText? = nil) -> String {
        LatentPage(sheet: sheet, links: links, topology: topology, reading: reading, trial: trial).html
    }

    /// The latents that a query finds.
    ///
    /// - Parameter canSearchByMeaning: Whether a sentence encoder runs.
    package func latents(
        _ query: LatentQuery, _ found: LatentQuery.Found, in index: LatentIndex, coders: [String],
        canSearchByMeaning: Bool = false
    ) -> String {
        let scorers = Set(index.stored.lazy.flatMap(\.scores).map(\.node)).sorted()
        return LatentsPage(
            query: query, found: found, coders: coders, scorers: scorers, canSearchByMeaning: canSearchByMeaning,
            links: links, topology: topology
        ).html
    }

    /// One score.
    package func score(_ sheet: ScoreSheet) -> String {
        ScorePage(sheet: sheet, links: links, topology: topology).html
    }

    /// Nodes beside each other: the two that are asked for, or all pairs.
    package func compare(_ nodes: (a: String, b: String)?, _ comparisons: [NodeComparison]) -> String {
        ComparePage(nodes: nodes, comparisons: comparisons, links: links, topology: topology).html
    }

    /// Latents that somebody has put together, with what was written of them and a text that was read for each.
    package func list(
        _ rows: [LatentRow], notes: [LatentKey: String] = [:], text: String = "",
        readings: [LatentKey: TestedText] = [:]
    ) -> String {
        ListPage(rows: rows, notes: notes, readings: readings, text: text, links: links, topology: topology).html
    }

    /// What was given up.
    package func failures(_ failures: [Overview.Failures]) -> String {
        FailuresPage(failures: failures, links: links, topology: topology).html
    }

    /// What is happening in the topology.
    package func pipeline(_ sheet: PipelineSheet) -> String {
        PipelinePage(sheet: sheet, links: links, topology: topology).html
    }

    /// A page that says in a sentence why there is none.
    package func missing(_ title: String, _ reason: String) -> String {
        PageFrame(title: title, links: links, place: .none, topology: topology).page {
            Markup.element("h1") { title }
            Markup.element("p") { reason }
        }
    }

    /// The page at which a browser gives the token.
    ///
    /// - Parameters:
    ///   - path: Where the browser is sent then.
    ///   - fault: Why the last try was none; `nil` for none.
    package static func signIn(returningTo path: String, fault: String? = nil) -> String {
        SignInPage.signIn(returningTo: path, fault: fault)
    }

    /// The page at which a browser signs out.
    package static func signOut(isSignedIn: Bool) -> String { SignInPage.signOut(isSignedIn: isSignedIn) }

    /// A file that pages load: its type and its bytes; `nil` if there is none of the name.
    package static func asset(_ name: String) -> (type: String, bytes: [UInt8])? {
        switch name {
        case "gloss.css": ("text/css; charset=utf-8", PackageResources.gloss_css)
        case "gloss.js": ("text/javascript; charset=utf-8", PackageResources.gloss_js)
        case "icon.svg": ("image/svg+xml", PackageResources.icon_svg)
        default: nil
        }
    }

    /// The names of all files that pages load.
    package static let assets = ["gloss.css", "gloss.js", "icon.svg"]
}
