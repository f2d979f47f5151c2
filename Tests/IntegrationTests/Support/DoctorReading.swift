import Foundation

/// What `gloss doctor --json` says.
struct DoctorReading: Decodable {
    struct Finding: Decodable, Equatable {
        let status: String
        let subject: String
        let message: String
    }

    let sound: Bool
    let findings: [Finding]

    init(_ program: GlossProgram, _ arguments: [String]) throws {
        let outcome = try program.run(["doctor", "--json"] + arguments)
        self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
    }

    func of(_ subject: String) -> [Finding] { findings.filter { $0.subject == subject } }
}
