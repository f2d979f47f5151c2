import Elements
import LatentSheets
import Store

/// What a person looks at in `gloss top`: what keys change, and what they ask for.
struct TopState: Sendable {
    /// What fills the screen.
    enum View: Sendable, Hashable {
        /// Nodes, and latents below them.
        case tables
        case help
        case errors
        case latent(LatentKey)
        case node(String)
        /// The results of what was chosen, as they come.
        case tail(TopSubject)
    }

    /// One of the two tables.
    enum Pane: Sendable, Hashable {
        case nodes, latents
    }

    /// What has to be done for a key besides drawing again.
    enum Action: Sendable, Hashable {
        case quit
        /// The latents have to be asked for anew.
        case read
        /// All that is known of a latent is wanted.
        case open(LatentKey)
        /// The results of something are wanted as they come.
        case follow(TopSubject)
        /// The failed jobs of something are to be tried again.
        case retry(TopSubject)
        /// The whole screen has to be drawn anew.
        case redraw
    }

    /// What can be chosen from just now.
    struct Shown: Sendable {
        var nodes: [String] = []
        var latents: [LatentKey] = []
        /// The lines of a table or a page that are seen at once.
        var page = 10
        /// The lines of the page that is looked at.
        var lines = 0
    }

    private(set) var view = View.tables
    private(set) var pane = Pane.latents
    private(set) var node = 0
    private(set) var latent = 0
    /// The lines of a page that lie above what is seen.
    private(set) var scroll = 0
    /// The words that are being typed; `nil` if none are.
    private(set) var typed: String?
    private(set) var isPaused = false
    /// What jobs are to be tried again of, if that is confirmed; `nil` if nobody has asked.
    private(set) var retries: TopSubject?
    /// Which latents are shown and in which order.
    private(set) var query: LatentQuery
    /// The seconds between two readings.
    private(set) var every: Double

    /// The most latents that are asked for.
    static let limit = 200
    private static let shortest = 0.5
    private static let longest = 60.0

    init(every: Double) {
        self.every = every
        query = LatentQuery()
        query.order = .attention
        query.limit = Self.limit
    }

    /// A key is pressed.
    mutating func press(_ key: Key, _ shown: Shown) -> Action? {
        if typed != nil { return type(key) }
        if let subject = retries {
            retries = nil
            return key == .character("y") ? .retry(subject) : nil
        }
        switch key {
        case .character("q"): return leave(orQuit: true)
        case .escape: return leave(orQuit: false)
        case .redraw: return .redraw
        case .character("?"): show(.help)
        case .character("e"): show(.errors)
        case .character("u"): isPaused.toggle()
        case .character("+"): every = max(Self.shortest, every / 2)
        case .character("-"): every = min(Self.longest, every * 2)
        case .tab: if view == .tables { pane = pane == .nodes ? .latents : .nodes }
        case .character("/"):
            show(.tables)
            typed = query.words
        case .character("s"): return sort()
        case .character("r"):
            guard view == .tables else { return nil }
            query.isDescending.toggle()
            return .read
        case .enter: return open(shown)
        case .character("t"):
            guard let subject = chosen(shown), view != .tail(subject) else { return nil }
            show(.tail(subject))
            return .follow(subject)
        case .character("R"): retries = chosen(shown)
        case .up, .character("k"): move(by: -1, shown)
        case .down, .character("j"): move(by: 1, shown)
        case .pageUp: move(by: -shown.page, shown)
        case .pageDown, .character(" "): move(by: shown.page, shown)
        case .home, .character("g"): move(by: .min, shown)
        case .end, .character("G"): move(by: .max, shown)
        default: break
        }
        return nil
    }

    /// The choice is moved to what there is.
    mutating func settle(_ shown: Shown) {
        node = min(node, max(0, shown.nodes.count - 1))
        latent = min(latent, max(0, shown.latents.count - 1))
    }

    private mutating func type(_ key: Key) -> Action? {
        switch key {
        case .enter:
            query.words = typed ?? ""
            (typed, latent) = (nil, 0)
            return .read
        case .escape: typed = nil
        case .backspace: typed = typed.map { String($0.dropLast()) }
        case .character(let character): typed?.append(character)
        default: break
        }
        return nil
    }

    private mutating func leave(orQuit: Bool) -> Action? {
        guard view == .tables else {
            show(.tables)
            return nil
        }
        if orQuit { return .quit }
        guard !query.words.isEmpty else { return nil }
        (query.words, latent) = ("", 0)
        return .read
    }

    private mutating func sort() -> Action? {
        guard view == .tables else { return nil }
        let orders: [LatentQuery.Order] = [.attention, .score, .latent, .density, .maximum]
        let place = orders.firstIndex(of: query.order) ?? 0
        query.order = orders[(place + 1) % orders.count]
        latent = 0
        return .read
    }

    private mutating func open(_ shown: Shown) -> Action? {
        guard view == .tables, let subject = chosen(shown) else { return nil }
        switch subject {
        case .node(let node):
            show(.node(node))
            return nil
        case .latent(let key):
            show(.latent(key))
            return .open(key)
        }
    }

    /// What keys are about: what is looked at, or else the chosen row.
    private func chosen(_ shown: Shown) -> TopSubject? {
        switch view {
        case .latent(let key): return .latent(key)
        case .node(let node): return .node(node)
        case .tail(let subject): return subject
        case .help, .errors: return nil
        case .tables: break
        }
        switch pane {
        case .nodes: return shown.nodes.indices.contains(node) ? .node(shown.nodes[node]) : nil
        case .latents: return shown.latents.indices.contains(latent) ? .latent(shown.latents[latent]) : nil
        }
    }

    private mutating func show(_ view: View) {
        self.view = view
        scroll = 0
    }

    private mutating func move(by distance: Int, _ shown: Shown) {
        var lines = distance
        // Results are read from their end: what came before lies above.
        if case .tail = view { lines = distance == .min ? .max : distance == .max ? .min : -distance }
        func moved(_ place: Int, among count: Int) -> Int {
            let (sum, isOver) = place.addingReportingOverflow(lines)
            return min(max(isOver ? lines : sum, 0), max(0, count - 1))
        }
        guard view == .tables else {
            scroll = moved(scroll, among: shown.lines)
            return
        }
        switch pane {
        case .nodes: node = moved(node, among: shown.nodes.count)
        case .latents: latent = moved(latent, among: shown.latents.count)
        }
    }
}
