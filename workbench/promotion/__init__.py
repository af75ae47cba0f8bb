"""Promotion: what a plan does to streams and money, and how sure that is.

plan          what a user sets with sliders, as a plain value
amounts       amounts on sliders, which add up
priors        what is believed before the data speak, each with its source
own_priors    the label's own in their place, with its words
names         channels and territories by the names that people write
response      closed formulas: adstock, saturation, release curve, retention
teaching      which weeks and songs teach the model
observations  weekly streams and spend of a label as dense arrays
reading       what the fit reads of a label, as tables and as these arrays
places        stays on playlists as weekly doses
events        what else moved streams, and will, as weekly doses
spend         rows of campaigns as weekly spend
runs          rows of spend as runs of one channel for one track
pushes        where money pushed: runs by territory, doses that are alike once
sizes         how large an artist is, which a channel's ceiling grows with
coordinates   where each parameter stands, and its prior
expected      streams that the model expects, and their slopes
posterior     log posterior of the response model and its gradient
fisher        its Fisher information in arrow form
lifts         lift tests as arms of the model; lift_terms holds them against it
tested        what tests measured, and what the model expects of them
saves         saves and followers that a stream brings
taken         what fitted curves took of the scatter, given back
search        the way to a mode of the posterior
importance    weights of draws, and whether they can be trusted
exact         NUTS on the gradient, where weights cannot be trusted
estimate      mode from several starts, Laplace, importance resampling
fit           the fit as an artifact: its maker
launches      what a release to come draws its parameters from
lasting       where a track that is out goes from its last week, and how far it may stray
facts         a plan in figures, against the current one
points        the ends and the middle of what is drawn
cells         saved segments in place of territories
draws         stored draws made ready for the engine
own_draws     a release's own parameters on the draws
scenes        the same window for plans that are compared
counts        what counts as the money of a plan, kept with it
saved         scenarios that people saved, and plans as links
whatif        the engine: a plan on the draws
pitch         what a place on a playlist would bring, if a pitch were taken
sides         a plan on every draw: its streams, and what of them is money
outcome       a scenario against the current plan: the analysis behind the lab
compared      several plans beside the current one
lifetime      streams by a day, in a window and over a life
money         what a label keeps of a stream, and what counts beside it
shares        what distribution and artist keep, as a label set it once
payouts       what a stream paid, from statements
per_listener  how many streams a listener plays
margins       what the next unit of money returns, and where it stops to pay
curves        response of each channel alone
optimise      the best split of a budget
target        the cheapest way to a number of streams
splitting     its question made ready
best          the search for one budget
allocation    money where it brings most, under linear limits
gains         what money brings on every draw, tabulated
earnings      what promotion earns: one sum for answers, margins and the best plan
aims          what a better plan is better in
bounds        what a better plan must keep
platforms     what platforms ask of a campaign
eligible      whether they take a plan's campaigns, market by market
exchange      what money is worth in another currency
booked        what is booked for a release, as a plan can say it
overview      what can be planned, and what is believed
brought       what channels and lists brought in the observed weeks
doubts        what the observed spend cannot tell apart
left_out      what it does not use of streams and spend, and why
predictive    weeks drawn from the model against those that were observed
holdout       the last weeks told by a fit that saw none of them
checks        whether the fit can be believed: the maker of these, and its analyses
season        the season of streams and promotion
calendar      own releases by week, and what weekdays did
dates         every Friday ahead for a release to come
wanted        whether listeners want its mood
coming        its first weeks
own_model     channels by the draws of a team's own model
limits        what a plan must not be read without
trial         an experiment's two arms as arrays
learners      T- and X-learner, and units ranked by models that never saw them
qini          the Qini curve, its area and its normal form
ordering      both learners held against chance, with bands
balance       whether the arms were alike before
policy        whom to treat, by groups that a person can read
uplift        what a treatment added, and for whom more: the analysis
past          campaigns that ran, and their spend
past_window   a campaign's weeks on the draws
past_result   what a campaign did: the analysis behind Results
explained     what its weeks are put down to
foretold      what a plan was told to bring when it was saved
planned       a saved plan beside what was done
unit_lift     an experiment as a lift test
uplift_export whom a policy treats, as hashed ids
"""
