{#- What a row of an archive is. A chapter's URI is that of an episode, so books come first. -#}
{% macro content_type() -%}
    case
        when track_uri is not null then 'track'
        when coalesce(audiobook_title, audiobook_uri, chapter_title, chapter_uri) is not null then 'audiobook'
        when coalesce(episode_name, episode_uri) is not null then 'episode'
        when track_name is not null then 'track'
        else 'unknown'
    end
{%- endmacro %}

{#- A play's name for good: made of what its best source says. -#}
{% macro play_id(user_id, reported_at, what, ms_played) -%}
    md5({{ user_id }} || '|' || cast({{ reported_at }} as varchar) || '|' || {{ what }} || '|' || cast({{ ms_played }} as varchar))
{%- endmacro %}

{#- A track is its URI's id; without one (local files, account data) it is its names. -#}
{% macro track_key(uri, artist, title) -%}
    case
        when {{ uri }} is not null and {{ uri }} not like 'spotify:local:%' then split_part({{ uri }}, ':', 3)
        when {{ title }} is not null then md5({{ name_key(artist, title) }})
    end
{%- endmacro %}

{#- Whether a listener skipped. Between 2016-03 and 2022-10 `false` says nothing: the reason for the end does. -#}
{% macro is_skipped(reported_at, skipped, reason_end) -%}
    case
        when {{ reason_end }} = 'trackdone' then false
        when {{ skipped }} then true
        when not {{ skipped }} and not ({{ reported_at }} >= '2016-03-01' and {{ reported_at }} < '2022-10-17') then false
        else {{ reason_end }} in ('fwdbtn', 'backbtn', 'endplay')
    end
{%- endmacro %}

{#- Plays that hours, plays and artists speak of: music, not in private, not told twice, not left out by the listener. -#}
{% macro is_music() -%}
    content_type = 'track' and not is_incognito and not is_covered and not coalesce(is_excluded, false)
{%- endmacro %}
