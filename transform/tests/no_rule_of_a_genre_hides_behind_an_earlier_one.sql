-- A rule that an earlier one covers would never be the first to fit.
select later.rule, later.pattern, earlier.pattern as covered_by
from {{ ref('genre_families') }} as later
inner join {{ ref('genre_families') }} as earlier
    on earlier.rule < later.rule
    and later.pattern like earlier.pattern
