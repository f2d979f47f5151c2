import Elements
import Foundation
import StateFixtures
import Store

/// A state directory with explanations and scores to be exported.
struct ExportState {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    /// The folder to which is exported.
    var output: String { directory.path + "/out" }

    static func explanation(
        _ number: UInt64, latent: Int, _ text: String, node: String = "prose", epoch: UInt64 = 1,
        coder: CoderIdentity = Fixture.coder
    ) -> Explanation {
        let plain = Fixture.explanation(number, epoch: epoch)
        return Explanation(
            job: plain.job, node: node, coder: coder, latent: latent, text: text, predicate: nil,
            provenance: plain.provenance)
    }

    static func score(
        _ number: UInt64, of explanation: Explanation, node: String = "judged", method: String = "detection"
    ) -> Score {
        Fixture.score(
            explanation.latent, 0.75, node: node, method: method, explainedBy: explanation.node,
            text: explanation.text, coder: explanation.coder
        ).with { ($0.job, $0.explanation) = (Fixture.hash(number), explanation.job) }
    }

    /// Every file of the export, by its path in the folder.
    func files() throws -> [String: String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: output)
        var files: [String: String] = [:]
        for path in paths where path.hasSuffix(".txt") {
            files[path] = try String(contentsOfFile: "\(output)/\(path)", encoding: .utf8)
        }
        return files
    }
}
