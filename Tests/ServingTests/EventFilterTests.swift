import Elements
import StateFixtures
import Store
import Testing

@testable import Serving

@Suite struct EventFilterTests {
    /// Events of every type that can be followed, of two coders.
    private func events() throws -> [StoredEvent] {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let other = CoderIdentity(name: "neurons", hookpoint: "layers.1", latents: 8, digest: Fixture.hash(9))
        try store.record(explanations: [Fixture.explanation(1), Fixture.explanation(2, latent: 5)])
        try store.record(scores: [
            Fixture.score(3, 0.5), Fixture.score(5, 0.5), Fixture.score(3, 0.5, node: "others", coder: other),
        ])
        try store.insertJobs([Fixture.job(7)])
        try store.fail(job: Fixture.hash(7), reason: "no answer", attempts: 1)
        return try store.events(after: 0, limit: 100)
    }

    @Test func anEventIsTakenIfEveryConditionThatIsGivenTakesIt() throws {
        let events = try events()
        #expect(events.count == 6)
        let (all, none): (Set<EventType>?, Set<EventType>) = (nil, [])
        for types in [all, [.score], [.explanation, .failure], none] {
            for coder in [nil, "codes", "neurons", ""] {
                for latents: Set<Int>? in [nil, [3], [5, 7], []] {
                    let filter = EventFilter(types: types, coder: coder, latents: latents)
                    let wanted = events.filter { event in
                        (types == nil || types?.contains(event.type) == true)
                            && (coder == nil || coder == event.subject.coder)
                            && (latents == nil || latents?.contains(event.subject.latent) == true)
                    }
                    let taken = events.filter(filter.takes)
                    #expect(taken == wanted)
                    // What is empty takes nothing: it is not the same as no condition.
                    if types == none || latents == [] || coder == "" { #expect(taken.isEmpty) }
                }
            }
        }
    }
}
