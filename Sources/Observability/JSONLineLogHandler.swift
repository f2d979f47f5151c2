public import Foundation
public import Logging

/// Writes each log event as one line of JSON: `ts`, `level`, `logger`, `message`, then `error` and `metadata` where given.
///
/// Control characters, and the marks that turn the direction of text round, are taken out of every text: what a corpus
/// or a model wrote cannot reach a terminal as a command.
public struct JSONLineLogHandler: LogHandler {
    /// The lowest level that is written.
    public var logLevel: Logger.Level
    /// Metadata of every event.
    public var metadata: Logger.Metadata = [:]
    /// Gives further metadata at each event.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let now: @Sendable () -> Date
    private let write: @Sendable (String) -> Void

    /// Makes a handler.
    /// - Parameters:
    ///   - label: The logger's name.
    ///   - level: The lowest level that is written.
    ///   - metadataProvider: Gives further metadata at each event.
    ///   - now: The time.
    ///   - write: Takes each line, its line break included; standard error, in one piece, unless given.
    public init(
        label: String, level: Logger.Level = .notice, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Date = { Date() },
        write: @escaping @Sendable (String) -> Void = { StandardErrorLines.write($0) }
    ) {
        self.label = label
        self.metadataProvider = metadataProvider
        logLevel = level
        self.now = now
        self.write = write
    }

    /// The handler's metadata by key.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one event; its own metadata goes before the provider's, and that before the handler's.
    public func log(event: LogEvent) {
        var line = "{\"ts\":\"\(now().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))\""
        line += ",\"level\":\"\(event.level.rawValue)\",\"logger\":\(quoted(label))"
        line += ",\"message\":\(quoted(event.message.description))"
        if let error = event.error { line += ",\"error\":\(quoted("\(error)"))" }
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        if !all.isEmpty { line += ",\"metadata\":" + json(.dictionary(all)) }
        write(line + "}\n")
    }

    private func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value): quoted(value.description)
        case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
        case .dictionary(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }
                .joined(separator: ",") + "}"
        }
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in PlainText.line(text).unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
