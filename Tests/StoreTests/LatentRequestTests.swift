import Elements
import GRDB
import Testing

@testable import Store

/// What persons ask for about latents, beside the process that owns the state.
@Suite struct LatentRequestTests {
    private let directory: TemporaryDirectory
    private let store: Store

    /// Latent 1 is explained by `prose`, latent 3 was explained and replaced; all nodes are of the coder `codes`.
    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        func taker(_ node: String, _ kinds: [LatentRequest.Kind], reading: [String]? = nil) -> RequestTaker {
            RequestTaker(node: node, kinds: kinds, coder: "codes", latents: 100, explainers: reading ?? [node])
        }
        try RequestTaker.write(
            [
                taker("prose", [.explain, .pin, .unpin]), taker("people", [.label, .pin, .unpin]),
                taker("detected", [.rescore], reading: ["prose", "people"]),
            ], to: store)
        try store.record(explanations: [Fixture.explanation(1), Fixture.explanation(3)])
        let challenge = Choice(
            challenger: Fixture.hash(4), standing: Fixture.hash(3), node: "prose", coder: Fixture.coder, latent: 3,
            reason: .grown, outcome: .replaced, scores: [], epoch: 9)
        try store.record(choices: [challenge])
    }

    @discardableResult
    private func ask(_ wish: LatentWish) throws -> LatentRequests.Taken {
        try LatentRequests.add(wish, directory: directory.state)
    }

    private func refusal(_ wish: LatentWish) -> WishRefusal? {
        do {
            _ = try ask(wish)
            return nil
        } catch {
            return error as? WishRefusal
        }
    }

    @Test func aWishIsARequestForEachNodeAndLatent() throws {
        #expect(try ask(LatentWish(.explain, latents: [1, 9])).requests == 2)
        let scored = try ask(LatentWish(.rescore, coder: "codes", latents: [1]))
        #expect(scored.requests == 1 && scored.nodes == ["detected"])
        #expect(try ask(LatentWish(.label, latents: [7], text: "dates")).nodes == ["people"])
        let requests = try store.latentRequests()
        #expect(requests.map(\.kind) == [.explain, .explain, .rescore, .label])
        #expect(requests.map(\.explainedBy) == ["prose", "prose", "prose", "people"])
        #expect(requests.map(\.node) == ["prose", "prose", "detected", "people"])
        #expect(requests.map(\.latent.latent) == [1, 9, 1, 7] && requests.last?.text == "dates")
        #expect(Set(requests.map(\.id)).count == 4)
    }

    @Test func aRequestGoesWithWhatItCameToOrNotAtAll() throws {
        try ask(LatentWish(.explain, latents: [1]))
        try ask(LatentWish(.label, latents: [7], text: "dates"))
        let ids = try store.latentRequests().map(\.id)
        // As after a kill before either was done.
        let image = try directory.crashImage()
        _ = try store.insertJobs([Fixture.job(50)], fulfilling: [ids[0]])
        _ = try store.record(
            NewResults(
                explanations: [Fixture.explanation(51, node: "people")], fulfilled: FulfilledRequests([ids[1]])),
            sinks: { _ in [] })
        #expect(try store.latentRequests().isEmpty)
        let before = try Store.reader(directory: image.state)
        #expect(try before.latentRequests().map(\.id) == ids)
        #expect(
            try before.explanations(of: "people").isEmpty && before.jobs().count { $0.job.id == Fixture.hash(50) } == 0)
        // A number is never given twice.
        try ask(LatentWish(.explain, latents: [1]))
        #expect(try store.latentRequests().allSatisfy { !ids.contains($0.id) })
    }

    @Test func onlyWhatStandsIsPinnedAndWhatIsPinnedIsLeftAlone() throws {
        let first = Fixture.hash(1)
        #expect(try ask(LatentWish(.pin, latents: [1], job: "\(first)")).nodes == ["prose"])
        let request = try #require(try store.latentRequests().first)
        #expect(request.kind == .pin && request.job == first)
        #expect(refusal(LatentWish(.unpin, latents: [1]))?.kind == .conflict)
        let pin = Pin(explanation: first, node: "prose", latent: LatentKey(coder: "codes", latent: 1))
        let done = FulfilledRequests([request.id], pinned: [pin])
        for _ in 0..<2 { _ = try store.record(NewResults(fulfilled: done), sinks: { _ in [] }) }
        #expect(try store.pins(of: "prose") == [first] && store.pins(of: "people").isEmpty)
        #expect(try store.pins(about: pin.latent) == [first])
        #expect(refusal(LatentWish(.explain, latents: [1]))?.description.contains("unpin it first") == true)
        #expect(refusal(LatentWish(.pin, latents: [3], job: "\(Fixture.hash(3))"))?.kind == .conflict)
        #expect(refusal(LatentWish(.pin, latents: [1], job: "\(Fixture.hash(77))"))?.kind == .unknown)
        #expect(refusal(LatentWish(.pin, latents: [2], job: "\(first)"))?.kind == .unknown)
        #expect(try ask(LatentWish(.unpin, latents: [1])).requests == 1)
        _ = try store.record(NewResults(fulfilled: FulfilledRequests(unpinned: [first])), sinks: { _ in [] })
        #expect(try store.pins(of: "prose").isEmpty)
    }

    @Test func aNodeWhoseExplanationIsPinnedIsLeftOutUnlessThereIsNoOther() throws {
        let takers = ["prose", "verse"].map {
            RequestTaker(node: $0, kinds: [.explain], coder: "codes", latents: 100, explainers: [$0])
        }
        try RequestTaker.write(takers, to: store)
        func pin(_ node: String, _ number: UInt64) throws {
            let pin = Pin(
                explanation: Fixture.hash(number), node: node, latent: LatentKey(coder: "codes", latent: 1))
            _ = try store.record(NewResults(fulfilled: FulfilledRequests(pinned: [pin])), sinks: { _ in [] })
        }
        try pin("prose", 1)
        #expect(try ask(LatentWish(.explain, latents: [1, 2])).requests == 3)
        #expect(try store.latentRequests().filter { $0.latent.latent == 1 }.map(\.node) == ["verse"])
        #expect(refusal(LatentWish(.explain, node: "prose", latents: [1]))?.kind == .conflict)
        try pin("verse", 2)
        #expect(refusal(LatentWish(.explain, latents: [2, 1]))?.kind == .conflict)
        #expect(try store.latentRequests().count == 3)
    }

    @Test(
        arguments: [
            (LatentWish(.explain, latents: []), .badBody), (LatentWish(.explain, latents: [-1]), .badBody),
            (LatentWish(.explain, latents: Array(0...1000)), .badBody),
            (LatentWish(.explain, latents: [100]), .unknown), (LatentWish(.explain, node: "n", latents: [1]), .unknown),
            (LatentWish(.explain, node: "people", latents: [1]), .notTaken),
            (LatentWish(.explain, coder: "other", latents: [1]), .unknown),
            (LatentWish(.rescore, latents: [1, 8]), .conflict), (LatentWish(.label, latents: [1]), .badBody),
            (LatentWish(.label, latents: [1, 2], text: "a"), .badBody),
            (LatentWish(.label, latents: [1], text: " \u{2003}"), .badBody),
            (LatentWish(.label, latents: [1], text: "\u{200d} \u{200c}"), .badBody),
            (LatentWish(.label, latents: [1], text: "\u{2065}"), .badBody),
            (LatentWish(.label, latents: [1], text: "a\nb"), .badBody),
            (LatentWish(.label, latents: [1], text: "a\u{202e}b"), .badBody),
            (LatentWish(.label, latents: [1], text: String(repeating: "a", count: 301)), .badBody),
            (LatentWish(.pin, latents: [1]), .badBody),
        ] as [(LatentWish, WishRefusal.Kind)])
    func whatCannotBeDoneIsRefusedAndLeavesNothing(wish: LatentWish, kind: WishRefusal.Kind) throws {
        #expect(refusal(wish)?.kind == kind)
        #expect(try store.latentRequests().isEmpty)
    }

    @Test func joinersOfLettersAreNoControlCharacters() throws {
        #expect(try ask(LatentWish(.label, latents: [1], text: "👩\u{200d}🔬 é")).requests == 1)
        #expect(try store.latentRequests().map(\.text) == ["👩\u{200d}🔬 é"])
    }

    @Test func withoutANodeThatKeepsLabelsTheRefusalSaysHowToAddOne() throws {
        let other = try TemporaryDirectory()
        let store = try other.open()
        #expect(throws: WishRefusal.self) {
            try LatentRequests.add(LatentWish(.label, latents: [1], text: "a"), directory: other.state)
        }
        try RequestTaker.write([], to: store)
        let refusal = #expect(throws: WishRefusal.self) {
            try LatentRequests.add(LatentWish(.label, latents: [1], text: "a"), directory: other.state)
        }
        #expect(refusal?.kind == .notTaken && refusal?.description.contains("explainer: written") == true)
        try store.close()
    }

    @Test func aStateOfAVersionWithoutRequestsIsReadAndBroughtUpToDate() throws {
        try store.write { database in
            try database.execute(
                sql: """
                    DROP TABLE latent_request; DROP TABLE pin;
                    DELETE FROM grdb_migrations WHERE identifier = 'requests about latents';
                    """)
        }
        try store.close()
        let reader = try Store.reader(directory: directory.state)
        #expect(try reader.latentRequests().isEmpty && reader.pins(of: "prose").isEmpty)
        #expect(throws: StoreError.self) { try ask(LatentWish(.explain, latents: [1])) }
        let next = try directory.open()
        #expect(try ask(LatentWish(.explain, latents: [1])).requests == 1)
        try next.close()
    }
}
