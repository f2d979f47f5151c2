import Foundation
import JSONText

/// Which of the events that come `tail` prints.
struct EventSelection: Sendable {
    let latents: LatentNames
    let condition: EventCondition?
    /// How far a score must lie from the one before, of the same latent by the same node; `nil` for any.
    let change: Double?
    /// The earliest time; `nil` for any.
    let since: Date?

    private struct Scored: Hashable {
        let latent: String
        let node: String?
        let explainedBy: String?
        let control: String?
    }

    private var last: [Scored: Double] = [:]

    init(
        latents: LatentNames, condition: EventCondition? = nil, change: Double? = nil, since: Date? = nil
    ) {
        self.latents = latents
        self.condition = condition
        self.change = change
        self.since = since
    }

    /// Whether a server that is told types and numbers of latents chooses the same events.
    var isServers: Bool { latents.isOfNumbersOnly && condition == nil && change == nil && since == nil }

    /// Whether an event is printed; events are given in their order, since a change is told by the one before.
    mutating func takes(_ event: TailedEvent) -> Bool {
        let latent = event["latent"]?.integer
        // How evidence as a whole has grown is of interest whichever latents are meant.
        let isWhole = event.isEvidence && latent == nil
        guard latents.isEmpty || isWhole || latent.map({ isMeant($0, event) }) == true else { return false }
        let hasChanged = hasChanged(event)
        guard hasChanged, condition?.holds(of: event) ?? true else { return false }
        guard let since else { return true }
        return event.text("ts").flatMap(Self.time).map { $0 >= since } ?? false
    }

    private func isMeant(_ latent: Int, _ event: TailedEvent) -> Bool {
        latents.contains(coder: event.text("coder"), hookpoint: event.text("hookpoint"), latent: latent)
    }

    private mutating func hasChanged(_ event: TailedEvent) -> Bool {
        guard let change else { return true }
        guard event.text("type") == "score", let value = event.number("value") else { return false }
        let key = Scored(
            latent: event.latent, node: event.text("node"), explainedBy: event.text("explained_by"),
            control: event.text("control"))
        defer { last[key] = value }
        return last[key].map { abs($0 - value) >= change } ?? false
    }

    private static func time(_ text: String) -> Date? {
        try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
