import Testing

@testable import Observability

/// What is told of the time left, held to runs of which it is known.
@Suite struct JobForecastTests {
    private typealias Node = SyntheticRun.Node

    private static let shapes: [String: SyntheticRun] = [
        // Both scorers ask the model that explains, and have controls after the last explanation.
        "one explainer, two scorers": SyntheticRun(nodes: [
            Node(name: "prose", model: "here", cost: 3, latents: 60),
            Node(name: "detected", model: "here", cost: 4, latents: 60, explainers: ["prose"], controls: 8),
            Node(name: "fuzzed", model: "here", cost: 2, latents: 60, explainers: ["prose"], controls: 50),
        ]),
        // A judge that is asked of the train side too, before it is asked of the held-out one.
        "long jobs": SyntheticRun(nodes: [
            Node(name: "prose", model: "here", cost: 1, concurrency: 2, latents: 100),
            Node(name: "detected", model: "here", cost: 12, latents: 100, explainers: ["prose"], controls: 8),
        ]),
        "several judges that share a model": SyntheticRun(nodes: [
            Node(name: "prose", model: "here", cost: 2, latents: 80),
            Node(
                name: "detected", model: "here", cost: 5, concurrency: 8, latents: 80, explainers: ["prose"],
                controls: 8),
            Node(
                name: "fuzzed", model: "here", cost: 2, concurrency: 2, latents: 80, explainers: ["prose"], controls: 50
            ),
            Node(name: "odd", model: "here", cost: 6, latents: 20, explainers: ["prose"], controls: 8),
        ]),
        "several judges at a server": SyntheticRun(
            nodes: [
                Node(name: "prose", model: "far", cost: 20, latents: 80),
                Node(
                    name: "detected", model: "far", cost: 30, concurrency: 8, latents: 80, explainers: ["prose"],
                    controls: 8),
                Node(
                    name: "fuzzed", model: "far", cost: 15, concurrency: 2, latents: 80, explainers: ["prose"],
                    controls: 50),
            ], servers: ["far"]),
        // Scores come from a model of their own, faster than explanations, and then from one that is slower.
        "a judge that waits for explanations": SyntheticRun(nodes: [
            Node(name: "prose", model: "a", cost: 6, latents: 60),
            Node(name: "detected", model: "b", cost: 1, latents: 60, explainers: ["prose"], controls: 50),
        ]),
        "a judge that explanations wait for": SyntheticRun(nodes: [
            Node(name: "prose", model: "a", cost: 2, latents: 120),
            Node(name: "detected", model: "b", cost: 5, latents: 120, explainers: ["prose"], controls: 8),
        ]),
        "ingest, then jobs": SyntheticRun(
            nodes: [
                Node(name: "prose", model: "here", cost: 3, latents: 60),
                Node(name: "detected", model: "here", cost: 4, latents: 30, explainers: ["prose"], controls: 8),
            ], reading: 300),
        "two explainers, latents passed over": SyntheticRun(nodes: [
            Node(name: "prose", model: "here", cost: 3, latents: 90),
            Node(name: "other", model: "here", cost: 5, latents: 90),
            Node(
                name: "detected", model: "here", cost: 4, latents: 90, explainers: ["other", "prose"], controls: 8,
                passesOver: 3),
        ]),
    ]

    @Test(arguments: shapes.keys.sorted()) func afterAMinuteOfJobsTheTimeLeftIsRightWithinAThird(shape: String) throws {
        let run = try #require(Self.shapes[shape])
        var timeLeft = TimeLeft(expecting: run.expected)
        var (looked, outside) = (0, 0)
        for step in run.steps() {
            timeLeft.note(step.moment)
            // Of the last jobs, and of the first, each has a length of its own.
            guard let since = step.sinceJobs, since >= 60, step.left >= 30 else { continue }
            looked += 1
            guard case .seconds(let seconds, let then) = timeLeft.answer else {
                Issue.record("\(timeLeft.answer) after \(step.moment.seconds) s")
                return
            }
            let share = seconds / step.left
            if !(2.0 / 3...4.0 / 3).contains(share) { outside += 1 }
            #expect(
                (0.6...1.45).contains(share) && then.isEmpty,
                "\(share) of \(step.left) s after \(step.moment.seconds) s, \(then)")
        }
        #expect(looked > 100 && outside * 100 <= looked, "\(outside) of \(looked)")
    }

    /// What a judge takes is not known before it was asked: it is named, and the reading is told.
    @Test func beforeTheFirstJobTheReadingIsToldAndTheNodesAreNamed() throws {
        let run = try #require(Self.shapes["ingest, then jobs"])
        var timeLeft = TimeLeft(expecting: run.expected)
        for step in run.steps().prefix(301) {
            timeLeft.note(step.moment)
            guard step.moment.seconds >= 60, step.moment.seconds < 299 else { continue }
            guard case .seconds(let seconds, let then) = timeLeft.answer else {
                Issue.record("\(timeLeft.answer)")
                return
            }
            #expect(abs(seconds - (300 - step.moment.seconds)) < 2 && then == ["detected", "prose"])
        }
    }

    @Test func atTheEndNothingIsLeftAlsoIfLatentsWerePassedOver() throws {
        for (shape, run) in Self.shapes {
            var timeLeft = TimeLeft(expecting: run.expected)
            let steps = run.steps()
            for step in steps { timeLeft.note(step.moment) }
            var last = try #require(steps.last?.moment)
            for _ in 0..<30 {
                last.seconds += 1
                for node in last.work.keys { last.work[node]?.waiting = 0 }
                for node in last.work.keys { last.work[node]?.underWay = 0 }
                timeLeft.note(last)
            }
            #expect(timeLeft.answer == .nothing, "\(shape)")
        }
    }

    /// The seconds that are left a minute after the start of a run that explains a latent a second and scores half as many,
    /// before and after a reload by which the scorer has controls.
    ///
    /// - Parameter earlier: The scores that an earlier process has made.
    private func secondsLeft(
        controlsByReload controls: Int, earlierScores earlier: Int
    ) -> (before: Double, after: Double) {
        func expectation(controls: Int) -> [String: TimeLeft.Expectation] {
            [
                "prose": TimeLeft.Expectation(jobs: 100, seconds: nil),
                "detected": TimeLeft.Expectation(
                    jobs: 100, controls: controls, seconds: nil, explainers: ["prose"]),
            ]
        }
        func seconds(_ timeLeft: TimeLeft) -> Double {
            if case .seconds(let seconds, _) = timeLeft.answer { seconds } else { -1 }
        }
        var timeLeft = TimeLeft(expecting: expectation(controls: 0))
        for second in 0...60 {
            timeLeft.note(
                RunMoment(
                    seconds: Double(second), extents: [SourceExtent(read: 1, left: 0)],
                    work: [
                        "prose": RunMoment.Work(done: second, waiting: 100 - second),
                        "detected": RunMoment.Work(done: earlier + second / 2, waiting: second - second / 2),
                    ]))
        }
        let before = seconds(timeLeft)
        timeLeft.expect(expectation(controls: controls))
        return (before, seconds(timeLeft))
    }

    /// A reload adds a scorer of explanations that are there already.
    @Test func whatATopologyExpectsAnewIsCountedFromThenOn() {
        let left = secondsLeft(controlsByReload: 50, earlierScores: 0)
        // 100 scores, of which 30 are made, at one in two seconds.
        #expect(abs(left.before - 140) < 3)
        #expect(abs(left.after - 240) < 6)
    }

    /// Scores of an earlier process are none of the explanations of this one, also after a reload.
    @Test func jobsOfAnEarlierProcessAreNotTakenForThisOnesAfterAReload() {
        let left = secondsLeft(controlsByReload: 0, earlierScores: 40)
        // 100 scores, of which 30 are made, at one in two seconds; 40 were there before.
        #expect(abs(left.before - 140) < 3)
        #expect(abs(left.after - 140) < 3)
    }

    /// What jobs take does not change with the number of nodes that ask the model.
    @Test func aJobCostsWhatItTakesOfTheModelItself() {
        for others in [0, 4, 12] {
            let nodes =
                [SyntheticRun.Node(name: "own", model: "m", cost: 2, latents: 400)]
                + (others > 0
                    ? [SyntheticRun.Node(name: "other", model: "m", cost: 5, concurrency: others, latents: 400)] : [])
            let run = SyntheticRun(nodes: nodes)
            var pace = JobPace()
            for step in run.steps().prefix(241) { pace.note(step.moment) { _ in "m" } }
            let cost = pace.cost(of: "own") ?? 0
            #expect(abs(cost - 2) < 0.5, "\(cost) beside \(others)")
        }
    }
}
