import Foundation
import Hashing
import Store
import TestSupport
import Testing

@testable import gloss

/// What is asked of shares in `gloss top`, each of which takes requests of its own latents.
@Suite struct TopRetryTests {
    @Test func theShareOfALatentIsNamedAndOfANodeEach() throws {
        let folder = try TemporaryFolder()
        let identity = TopologyIdentity(name: "tiny", digest: Hash128(high: 1, low: 2), nodes: [:])
        for number in 0..<2 {
            let share = try Store(directory: folder.file("shards-\(number)-of-2"), topology: identity)
            let job = PlannedJob(
                id: Hash128(high: 3, low: UInt64(number)), node: "judged", kind: .score, coder: "codes", latent: number,
                payload: [])
            try share.insertJobs([job])
            try share.close()
        }
        let shares = try Store.joinedReader(directory: folder.file("")).parts
        func refusal(_ subject: TopSubject) throws -> String {
            try TopRetry(source: .daemon("", token: nil), subject: subject).refusal(by: shares).description
        }
        let paths = shares.map(\.directory)
        let latent = try refusal(.latent(LatentKey(coder: "codes", latent: 1)))
        #expect(latent.hasSuffix(": run gloss retry \(paths[1]) --latent 1") && paths[1].hasSuffix("/shards-1-of-2"))
        let node = try refusal(.node("judged"))
        #expect(
            node.hasSuffix(": run gloss retry \(paths[0]) --node judged; gloss retry \(paths[1]) --node judged"))
        #expect(try refusal(.latent(LatentKey(coder: "codes", latent: 2))).hasPrefix("no job of codes/2 "))
    }
}
