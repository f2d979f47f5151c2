import ArgumentParser
import Foundation
import JSONText

/// Standard input as JSON objects, one a line, each answered by one line.
enum JSONLines {
    /// Decodes each line, answers it and prints the answer; a line that cannot be read ends the command, naming it.
    static func answer<Input: Decodable, Output: Encodable>(
        _ type: Input.Type, _ answer: (Input) async throws -> Output
    ) async throws {
        let decoder = JSONDecoder()
        var number = 0
        while let line = readLine(strippingNewline: true) {
            number += 1
            guard !line.isEmpty else { continue }
            let output: String
            do {
                // Of a name that comes twice the last counts, as everywhere; Foundation would take the first.
                let value = try JSONValue(json: Array(line.utf8), repeatedNames: .lastTaken)
                let input = try decoder.decode(type, from: Data(value.text.utf8))
                output = try SortedJSON.text(of: try await answer(input))
            } catch let error as JSONError {
                throw OneStageError("standard input, line \(number): not a JSON object: \(error.detail)")
            } catch let error as DecodingError {
                throw OneStageError("standard input, line \(number): \(Self.description(of: error))")
            } catch {
                throw OneStageError("standard input, line \(number): \(error)")
            }
            try Terminal.print(json: output)
        }
    }

    private static func description(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "the field \"\(path(context.codingPath + [key]))\" is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "the field \"\(path(context.codingPath))\" is not a \(type)"
        case .dataCorrupted(let context): "not a JSON object: \(context.debugDescription)"
        @unknown default: "not readable"
        }
    }

    /// A field's place, such as `messages[1].content`.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path.isEmpty ? key.stringValue : path + "." + key.stringValue
        }
    }
}

/// The reason why a one-stage command gave up.
struct OneStageError: StatesFailureKind, CustomStringConvertible {
    let description: String
    let failureKind: FailureKind

    init(_ description: String, _ kind: FailureKind = .data) {
        self.description = description
        failureKind = kind
    }
}

/// Runs the body of a one-stage command; an error is printed and becomes exit code 65, or 74 or 75 if what was given to
/// the command is not at fault.
func reporting(_ command: String, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch {
        throw ExitCode(telling: error, of: command, given: .data)
    }
}
