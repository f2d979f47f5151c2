import Elements
import StateFixtures
import Testing

@testable import Observability

@Suite struct LatestEvidenceTests {
    private func update(_ coder: String, epoch: UInt64) -> EvidenceUpdate {
        let identity = CoderIdentity(name: coder, hookpoint: "layers.1", latents: 4, digest: Fixture.hash(1))
        return EvidenceUpdate(view: FixedView(coder: identity), epoch: epoch, isCaughtUp: false)
    }

    @Test func eachCoderHasItsLatestBarrierOnly() {
        let evidence = LatestEvidence()
        #expect(evidence.update(of: "codes") == nil && evidence.coders.isEmpty)
        evidence.put(update("neurons", epoch: 1))
        evidence.put(update("codes", epoch: 2))
        evidence.put(update("neurons", epoch: 3))
        #expect(evidence.coders == ["codes", "neurons"])
        #expect(evidence.update(of: "codes")?.epoch == 2 && evidence.update(of: "neurons")?.epoch == 3)
        #expect(evidence.update(of: "other") == nil)
    }
}
