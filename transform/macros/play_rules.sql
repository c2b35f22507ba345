{#-
    What counts as a play of music: the rules by their names, each a condition on a play that is never null. `plays` has
    ms_played, reason_end, skipped, is_incognito, spotify_uri, track_name, artist_name, sources; `track_ms` is the track's length,
    null where nobody told it. What each tool says of its rule stands beside `rpt_play_rules`.
-#}
{% macro play_rules(plays, track_ms) -%}
    {%- set ms, reason, uri = plays ~ '.ms_played', plays ~ '.reason_end', plays ~ '.spotify_uri' -%}
    {%- set is_named = plays ~ '.track_name is not null and ' ~ plays ~ '.artist_name is not null' -%}
    {%- set is_listed = plays ~ ".sources like '%api%'" -%}
    {%- set is_archived = plays ~ ".sources like '%archive'" -%}
    {%- set is_track = "coalesce(" ~ uri ~ " like 'spotify:track:%', false)" -%}
    {%- set is_finished = "coalesce(" ~ reason ~ " = 'trackdone', false) and " ~ ms ~ " > 0" -%}
    {{ return({
        'longplay': ms ~ " >= 30000 or " ~ is_finished,
        'spotify_30s': ms ~ " >= 30000 and not " ~ plays ~ ".is_incognito",
        'lastfm': "coalesce(" ~ track_ms ~ ", " ~ ms ~ ") > 30000 and " ~ ms ~ " >= least(coalesce(" ~ track_ms ~ ", 0) / 2.0, 240000)",
        'your_spotify': is_named ~ " and (" ~ is_listed ~ " or " ~ ms ~ " >= 30000 and (" ~ is_track ~ " or not " ~ is_archived ~ "))",
        'listenbrainz': "not " ~ plays ~ ".is_incognito and (" ~ is_listed ~ " or " ~ is_archived ~ " and " ~ is_track ~ " and ("
            ~ ms ~ " >= 30000 or not coalesce(" ~ plays ~ ".skipped, false) and " ~ reason ~ " is not null and " ~ reason
            ~ " not in ('" ~ listenbrainz_skips() | join("', '") ~ "')))",
        'finished': is_finished ~ " or " ~ reason ~ " is null and " ~ ms ~ " > 0 and coalesce(" ~ ms ~ " >= " ~ track_ms ~ ", false)",
    }) }}
{%- endmacro %}

{#- Ends after which ListenBrainz takes a play under 30 s for a skip. -#}
{% macro listenbrainz_skips() -%}
    {{ return(['fwdbtn', 'backbtn', 'clickrow', 'clickside', 'endplay', 'playbtn', 'remote', 'logout', 'popup', 'trackerror',
        'unexpected-exit', 'unexpected-exit-while-paused', 'unknown']) }}
{%- endmacro %}

{#- Whether a play counts by its listener's rule. The rules speak of music; all else goes by the default. -#}
{% macro counts(play_rule, plays, track_ms) -%}
    {%- set rules = play_rules(plays, track_ms) -%}
    case
        when {{ plays }}.content_type <> 'track' then {{ rules.longplay }}
        {%- for rule, condition in rules.items() if rule != 'longplay' %}
        when {{ play_rule }} = '{{ rule }}' then {{ condition }}
        {%- endfor %}
        else {{ rules.longplay }}
    end
{%- endmacro %}

{#- What of a track decides how its plays count: the recording, and its length where somebody's rule goes by it. -#}
{% macro what_counts_of_a_track() -%}
    coalesce(recording_key, '') || '|' || case
        when (select count(*) from {{ ref('stg_choices__listeners') }} where play_rule in ('lastfm', 'finished')) > 0
            then coalesce(cast(duration_ms as varchar), '')
        else ''
    end
{%- endmacro %}
