import Foundation
import TerminalText

/// One result on one line, as `tail` prints it.
public enum EventLine {
    private struct Event: Decodable {
        let ts: String
        let type: String
        let coder: String?
        let latent: Int?
        let node: String?
        let method: String?
        let control: String?
        let value: Double?
        let ci: [Double]?
        let n: Int?
        let failed: Int?
        let explanation: String?
        let explainer: String?
        let reason: String?
        let job: String?
        let details: [String: Detail]?
        let contest: String?
        let again: String?
        let parts: Parts?
        let outcome: String?
        let scores: [Pair]?
        let epoch: UInt64?
        let tokens: UInt64?
        let changed: Int?
        let windows: UInt64?
        let maximum: Double?
    }

    private struct Detail: Decodable {
        let value: Double?
    }

    private struct Parts: Decodable {
        let meanings: Double?
    }

    private struct Pair: Decodable {
        let node: String
        let standing: Double?
        let challenger: Double?

        var text: String {
            guard let standing, let challenger else { return "\(node) n/a" }
            return "\(node) \(FigureText.number(standing)) → \(FigureText.number(challenger))"
        }
    }

    /// The line of an event's JSON, in plain text; `nil` if it is not of a kind that has one.
    public static func text(of json: String) -> String? { line(of: json).map(PlainText.line) }

    private static func evidenceLine(_ event: Event, at time: String) -> String? {
        guard let coder = event.coder, let epoch = event.epoch else { return nil }
        let head = "\(time) evidence \(coder)"
        guard let latent = event.latent else {
            let tokens = AmountText.short(Double(event.tokens ?? 0))
            let changed = event.changed.map { " · \($0) latents changed" } ?? ""
            return "\(head) epoch \(epoch) · \(tokens) tokens\(changed)"
        }
        let maximum = event.maximum.map { " · at most " + String(format: "%.2f", $0) } ?? ""
        return "\(head)/\(latent) epoch \(epoch) · \(event.windows ?? 0) windows\(maximum)"
    }

    private static func line(of json: String) -> String? {
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(json.utf8)) else { return nil }
        let time = event.ts.split(separator: "T").last.map { $0.prefix(8) + "Z" } ?? ""
        let place = "\(event.coder ?? event.node ?? "?")/\(event.latent.map(String.init) ?? "?")"
        switch event.type {
        case "evidence": return evidenceLine(event, at: time)
        case "score":
            let value = event.value.map { FigureText.number($0) } ?? "?"
            let interval =
                event.ci.flatMap {
                    $0.count == 2 ? " " + FigureText.interval($0[0], $0[1]) : nil
                } ?? ""
            let control = event.control.map { " (control: \($0))" } ?? (event.contest == nil ? "" : " (contest)")
            let now = (event.details?["current"]?.value).map { " now \(FigureText.number($0))" } ?? ""
            return
                "\(time) score   \(place)  \(event.method ?? "?")\(control) \(value)\(interval)\(now) n=\(event.n ?? 0) f=\(event.failed ?? 0)  \"\(event.explanation ?? "")\""
        case "explanation":
            let again = event.again.map { " (again: \($0))" } ?? ""
            let meanings = (event.parts?.meanings).map { " \(FigureText.number($0)) meanings" } ?? ""
            return
                "\(time) explain \(place)  \(event.explainer ?? "?")\(again)\(meanings) unscored  \"\(event.explanation ?? "")\""
        case "choice":
            let scores = (event.scores ?? []).map(\.text).joined(separator: ", ")
            return
                "\(time) choice  \(place)  \(event.node ?? "?")  \(event.outcome ?? "?") (\(event.reason ?? "?"))  \(scores)"
        case "failure":
            return "\(time) fail    \(place)  \(event.node ?? "?")  \(event.reason ?? "?")"
        default: return nil
        }
    }
}
